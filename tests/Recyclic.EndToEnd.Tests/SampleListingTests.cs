using System.Collections.Immutable;
using System.Text;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>
/// What anybody on the machine can list while a CI job deploys the sample: the command lines and the environments of all
/// that the deployer starts, and the containers that it makes. Files that ask for more have their test beside the other
/// Compose files.
/// </summary>
[Category("Docker"), Platform("Linux"), NonParallelizable, CancelAfter(480_000)]
public sealed class SampleListingTests : StackTests
{
    private static readonly ImmutableDictionary<string, string> OfTheJob = new[]
    {
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "ACTIONS_RUNTIME_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "CI_JOB_TOKEN",
        "SYSTEM_ACCESSTOKEN",
        "DEPLOY_SSH_KEY",
        "APPROVAL_SSH_KEY",
        "BUILDKITE_AGENT_ACCESS_TOKEN",
        "STAGING_POSTGRES_PASSWORD",
        "PRODUCTION_POSTGRES_PASSWORD",
    }.ToImmutableDictionary(name => name, name => $"secret-{name.ToLowerInvariant()}-4714");

    [Test]
    public async Task No_listing_of_a_deploy_of_the_sample_shows_a_secret_that_it_does_not_ask_for()
    {
        var tag = await Images.DeriveAsync("1", Token);
        foreach (var (name, value) in OfTheJob)
            Stack.Environment[name] = value;
        await using var deploy = Stack.Start("AtomicDeploy", "--tag", tag, "--watch", "0");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var listing = Task.Run(() => List(deploy.ProcessId, over.Token), Token);
        var ended = await deploy.EndAsync(Token);
        await over.CancelAsync();
        var (seen, shown) = await listing;
        ended.ShouldExitWith(0);

        shown.ShouldBeEmpty();
        // That there was something to see.
        seen.ShouldContain("docker-compose");
        seen.ShouldContain("docker");
        foreach (var value in OfTheJob.Values)
            ended.All.ShouldNotContain(value);
        var containers = await DockerHere.LinesAsync(
            Token,
            "ps",
            "--all",
            "--quiet",
            "--filter",
            $"label=recyclic.app={Stack.App}"
        );
        containers.ShouldNotBeEmpty();
        var inspected = await DockerHere.RunAsync(Token, ["inspect", .. containers]);
        foreach (var value in OfTheJob.Values)
            inspected.ShouldNotContain(value);
        // Its own password is one that it asks for.
        inspected.ShouldContain("POSTGRES_PASSWORD=");
    }

    private static (ICollection<string> Seen, ICollection<string> Shown) List(int deployer, CancellationToken over)
    {
        var (seen, shown) = (new HashSet<string>(), new HashSet<string>());
        while (!over.IsCancellationRequested)
        {
            // The script was given them, and so was the build that it becomes; what counts is what that starts.
            if (!Read(deployer, "cmdline").Contains("build.dll", StringComparison.Ordinal))
                continue;
            foreach (var process in HostProcesses.Descendants(deployer))
            {
                var line = Read(process, "cmdline");
                var program =
                    line.Split('\0').Select(Path.GetFileName).FirstOrDefault(name => name is not "setsid") ?? "";
                seen.Add(program);
                // Until a new process has become its program, it is its parent: .NET, which was given them.
                if (program is "dotnet" or "")
                    continue;
                if (HasSecret(line))
                    shown.Add($"{program}: command line");
                if (HasSecret(Read(process, "environ")) && Read(process, "cmdline") == line)
                    shown.Add($"{program}: environment ({line.Replace('\0', ' ')})");
            }
        }
        return (seen, shown);
    }

    private static bool HasSecret(string text) =>
        OfTheJob.Values.Any(value => text.Contains(value, StringComparison.Ordinal));

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}", Encoding.UTF8);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended in the meantime.
            return "";
        }
    }
}
