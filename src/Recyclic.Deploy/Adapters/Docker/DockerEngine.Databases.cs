using Recyclic.Deploy.Adapters.Docker.Databases;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Docker;

public sealed partial class DockerEngine
{
    private IDatabaseHost? _databases;

    /// <summary>Its databases.</summary>
    public IDatabaseHost Databases =>
        _databases ??= new DatabaseKeeper(
            _host.Changes,
            _host.Client,
            _host.Records,
            _host.Reader,
            new TryOuts(_host.Changes, _host.Docker, _host.Client, _host.Records, _host.Reader)
        );
}
