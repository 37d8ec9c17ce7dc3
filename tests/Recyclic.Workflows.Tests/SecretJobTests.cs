using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Components;

namespace Recyclic.Workflows.Tests;

/// <summary>What needs a secret runs apart from what does not, unless a place says that they run together.</summary>
[CancelAfter(60_000)]
public class SecretJobTests
{
    [Test]
    public async Task A_target_that_needs_a_secret_has_a_job_of_its_own()
    {
        var jobs = await JobsAsync(b => new("w") { On = [Trigger.Push()], Targets = [b.Publish] });
        jobs.Keys.ShouldBe(["workflows", "pack", "publish"]);
        jobs["pack"].ShouldNotContain("secrets.");
        jobs["publish"].ShouldContain("FEED_KEY: ${{ secrets.FEED_KEY }}");
        jobs["publish"].ShouldContain("exec ./build.sh Publish --skip");
    }

    [Test]
    public async Task Those_that_need_one_share_a_job_and_what_has_no_action_joins_either()
    {
        var jobs = await JobsAsync(b => new("w") { On = [Trigger.Push()], Targets = [b.All] });
        jobs.Keys.ShouldBe(["workflows", "pack", "all"]);
        jobs["all"].ShouldContain("exec ./build.sh Publish Announce All --skip");
    }

    [Test]
    public async Task A_place_that_lists_both_has_them_in_one_job()
    {
        var jobs = await JobsAsync(b =>
            new("w")
            {
                On = [Trigger.Push()],
                Targets = [b.Publish],
                Places = [new(b.Pack, b.Publish)],
            }
        );
        jobs.Keys.ShouldBe(["workflows", "publish"]);
    }

    [Test]
    public async Task What_would_get_nothing_in_its_own_job_is_refused_with_the_reason()
    {
        Secrets.Define.Value = b => new("w") { On = [Trigger.Push()], Targets = [b.Upload] };
        var run = await new BuildTester().RunAsync<Secrets>("Workflows", "--dry-run");
        run.ExitCode.ShouldBe(2, run.Output);
        run.Output.ShouldContain(
            "target Upload in the job upload depends on Compile in the job compile, another machine, and gets nothing from it"
        );
        run.Output.ShouldContain("or have both in one place");
        run.Output.ShouldContain(
            "(Upload needs the secret FEED_KEY, which what else runs in its job could read, and so has a job of its own)"
        );
    }

    private static async Task<Dictionary<string, string>> JobsAsync(Func<Secrets, Workflow> define)
    {
        var root = Directory.CreateTempSubdirectory("recyclic-secrets-").FullName;
        try
        {
            Secrets.Define.Value = define;
            var run = await new BuildTester { RootDirectory = root }.RunAsync<Secrets>("Workflows");
            run.ExitCode.ShouldBe(0, run.Output + run.Error);
            var text = File.ReadAllText(Path.Combine(root, ".github", "workflows", "w.yml"));
            return text[text.IndexOf("\njobs:\n", StringComparison.Ordinal)..]
                [7..]
                .Split("\n\n")
                .ToDictionary(job => job.Trim().Split(':')[0]);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private sealed class Secrets : RecyclicBuild, IWorkflows
    {
        public static AsyncLocal<Func<Secrets, Workflow>> Define { get; } = new();

        [Parameter, Secret]
        public string? FeedKey { get; set; }

        public Target Compile => _ => _.Executes(() => { });
        public Target Pack => _ => _.Produces("output/*.nupkg").Executes(() => { });
        public Target Publish => _ => _.DependsOn(Pack).Consumes(Pack).Requires(() => FeedKey).Executes(() => { });
        public Target Announce => _ => _.After(Publish).Requires(() => FeedKey).Executes(() => { });
        public Target All => _ => _.DependsOn(Publish, Announce);
        public Target Upload => _ => _.DependsOn(Compile).Requires(() => FeedKey).Executes(() => { });

        public IEnumerable<Workflow> WorkflowDefinitions => [Define.Value!(this)];
    }
}
