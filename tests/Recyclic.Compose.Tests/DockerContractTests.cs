using Recyclic.Contract;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Ports;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>A Docker engine keeps the contract of platforms, as the host in memory does.</summary>
[TestFixture, Category("Docker")]
internal sealed class DockerContractTests : PlatformContract
{
    private int _ports = 17940;

    [OneTimeSetUp]
    public async Task MakeImagesAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await Images.EnsureAsync();
        await Images.DeriveAsync("contract", "v1", "LABEL contract=1", deadline.Token);
        await Images.DeriveAsync("contract", "v2", "LABEL contract=2", deadline.Token);
        // It listens elsewhere than where its health check asks.
        await Images.DeriveAsync("contract", "v3", "ENV PORT=9999", deadline.Token);
        await Stack.DockerAsync(deadline.Token, "tag", $"{ContractPlace.Image}:v3", $"{ContractPlace.Image}:sick");
    }

    protected override Task<ContractPlace> OpenAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<ContractPlace>(new Place($"cmp-contract-{name}", Interlocked.Increment(ref _ports)));

    private sealed class Place : ContractPlace
    {
        private readonly Stack _stack;
        private readonly DockerEngine _engine;
        private readonly DockerEngine _another;

        public Place(string app, int port)
        {
            App = app;
            _stack = new Stack(app, "contract.yml");
            var docker = new DockerCli(
                new ProcessCommandRunner(),
                variables: Stack.Variables(("CONTRACT_PORT", $"{port}"))
            );
            (_engine, _another) = (new DockerEngine(docker), new DockerEngine(docker));
            Platform = Platform.Of(_engine, new DockerHostLock(_engine, TimeProvider.System));
            Another = Platform.Of(_another, new DockerHostLock(_another, TimeProvider.System));
        }

        public override Platform Platform { get; }

        public override Platform Another { get; }

        public override string App { get; }

        public override string ComposeFile => _stack.ComposeFile;

        protected override async ValueTask LeaveAsync()
        {
            _engine.Dispose();
            _another.Dispose();
            await _stack.DisposeAsync();
        }
    }
}
