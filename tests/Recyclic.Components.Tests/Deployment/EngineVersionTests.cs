namespace Recyclic.Components.Tests;

/// <summary>
/// Each engine is asked in a version of its API that it speaks. Compose is the real one, the engine has nothing.
/// </summary>
[NonParallelizable, CancelAfter(120_000)]
public sealed class EngineVersionTests
{
    [TestCase("1.41", "1.12", "1.41", TestName = "{m}(20.10)")]
    [TestCase("1.43", "1.12", "1.43", TestName = "{m}(24)")]
    [TestCase("1.45", "1.24", "1.44", TestName = "{m}(26)")]
    [TestCase("1.52", "1.44", "1.44", TestName = "{m}(29)")]
    [TestCase("1.60", "1.50", "1.50", TestName = "{m}(one to come)")]
    public async Task An_engine_is_asked_in_a_version_that_it_speaks(string newest, string oldest, string spoken)
    {
        await using var place = new IdentityPlace("shop", IdentityPlace.Services, "")
        {
            Engine = new SilentEngine(newest, oldest),
        };
        var (exitCode, output) = await place.RunAsync(["AtomicDeploy", "--tag", "v1", "--dry-run"]);
        exitCode.ShouldBe(0, output);
        place.Engine.Asked.Where(path => path.Contains("/networks", StringComparison.Ordinal)).ShouldNotBeEmpty();
        // The docker command line asks for /info by itself.
        place
            .Engine.Asked.Where(path =>
                path.StartsWith("/v", StringComparison.Ordinal)
                && path != "/version"
                && !path.EndsWith("/info", StringComparison.Ordinal)
                && !path.StartsWith($"/v{spoken}/", StringComparison.Ordinal)
            )
            .ShouldBeEmpty();
        output
            .Contains("has no start_interval, which came with 25", StringComparison.Ordinal)
            .ShouldBe(Version.Parse(newest) < new Version(1, 44), output);
    }

    [Test]
    public async Task An_engine_that_is_older_than_what_was_tried_is_refused()
    {
        await using var place = new IdentityPlace("shop", IdentityPlace.Services, "")
        {
            Engine = new SilentEngine("1.40", "1.12"),
        };
        var (exitCode, output) = await place.RunAsync(["AtomicDeploy", "--tag", "v1", "--dry-run"]);
        exitCode.ShouldBe(2, output);
        output.ShouldContain("engine: version x.40 (API 1.40) is too old");
        output.ShouldContain("Use Docker Engine 20.10 or later (API 1.41)");
    }
}
