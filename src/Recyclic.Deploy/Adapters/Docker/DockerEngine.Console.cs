using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Commands that a person runs.</summary>
public sealed partial class DockerEngine : ICommandHost
{
    private DockerConsole Console => new(_host.Changes, _host.Records);

    /// <inheritdoc/>
    public Task<int> ExecAsync(
        string app,
        Container container,
        ImmutableArray<string> command,
        bool terminal,
        CancellationToken cancellationToken
    ) => Console.ExecAsync(app, container, command, terminal, cancellationToken);
}
