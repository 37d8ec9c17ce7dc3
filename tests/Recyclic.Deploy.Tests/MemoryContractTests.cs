using Recyclic.Contract;

namespace Recyclic.Deploy.Tests;

/// <summary>The host in memory keeps the contract of platforms.</summary>
[TestFixture]
internal sealed class MemoryContractTests : PlatformContract
{
    protected override Task<ContractPlace> OpenAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<ContractPlace>(new Place($"contract-{name}"));

    private sealed class Place : ContractPlace
    {
        private static readonly MemoryApplication Services = new MemoryApplication("any")
            .Service("web", Image + ":${TAG}", port: 8080)
            .Service("bot", Image + ":${TAG}", overlap: false)
            .Service("db", Image + ":v1");

        public Place(string app)
        {
            App = app;
            var time = new MemoryClock(TimeSpan.FromSeconds(14));
            var cluster = new MemoryCluster(time)
            {
                Fates = { [MemoryImages.DigestOf(Image + ":sick")] = Fate.TurnsUnhealthy },
            };
            Platform = MemoryPlatform.Of(cluster, new MemoryProcess(), Services.Json, time);
            Another = MemoryPlatform.Of(cluster, new MemoryProcess(), Services.Json, time);
        }

        public override Platform Platform { get; }

        public override Platform Another { get; }

        public override string App { get; }

        public override string ComposeFile => "docker-compose.yml";

        protected override ValueTask LeaveAsync() => ValueTask.CompletedTask;
    }
}
