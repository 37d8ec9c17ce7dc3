using Recyclic.Build.CI;

namespace Recyclic.Build.Tests.Idiom;

public class HostTests
{
    [TestCase(null, null, "Terminal True")]
    [TestCase("CI", "false", "Terminal True")]
    [TestCase("CI", "true", "OtherServer False")]
    [TestCase("GITHUB_ACTIONS", "true", "GitHubActions False")]
    [TestCase("GITLAB_CI", "true", "GitLab False")]
    [TestCase("TF_BUILD", "True", "AzurePipelines False")]
    [TestCase("TEAMCITY_VERSION", "2026.1", "TeamCity False")]
    [TestCase("JENKINS_URL", "http://jenkins", "Jenkins False")]
    [TestCase("BITBUCKET_BUILD_NUMBER", "3", "Bitbucket False")]
    [TestCase("APPVEYOR", "True", "AppVeyor False")]
    public async Task A_build_knows_where_it_runs_by_its_environment(string? variable, string? value, string expected)
    {
        using var host = new TestHost();
        if (variable is not null)
            host.Environment[variable] = value!;
        var run = await host.RunAsync<HostBuild>("Where");
        run.Output.ShouldContain($"\n{expected}\n");
    }

    [Test]
    public async Task On_GitHub_the_job_is_known_and_what_is_not_set_is_null()
    {
        using var host = new TestHost();
        foreach (
            var (name, value) in new[]
            {
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_REF", "refs/heads/main"),
                ("GITHUB_RUN_NUMBER", "17"),
                ("GITHUB_EVENT_NAME", "pull_request"),
                ("GITHUB_ACTOR", ""),
            }
        )
            host.Environment[name] = value;
        (await host.RunAsync<HostBuild>("GitHub")).Output.ShouldContain("refs/heads/main 17 True nobody");
        (await host.RunAsync<HostBuild>("GitHubLab")).Output.ShouldContain("no GitLab");
    }

    [Test]
    public async Task On_GitLab_the_job_is_known()
    {
        using var host = new TestHost();
        foreach (
            var (name, value) in new[]
            {
                ("GITLAB_CI", "true"),
                ("CI_COMMIT_REF_NAME", "main"),
                ("CI_PIPELINE_ID", "42"),
            }
        )
            host.Environment[name] = value;
        (await host.RunAsync<HostBuild>("GitHubLab")).Output.ShouldContain("main 42");
    }

    public class HostBuild : RecyclicBuild
    {
        public Target Where =>
            _ => _.Executes(() => WriteLine($"{Host} {((IRecyclicBuild)this).Host is Terminal && IsLocalBuild}"));

        public Target GitHub =>
            _ =>
                _.Executes(() =>
                {
                    var job = GitHubActions.Instance!;
                    WriteLine($"{job.Ref} {job.RunNumber} {job.IsPullRequest} {job.Actor ?? "nobody"}");
                });

        public Target GitHubLab =>
            _ =>
                _.Executes(() =>
                    WriteLine(GitLab.Instance is { } job ? $"{job.CommitRefName} {job.PipelineId}" : "no GitLab")
                );
    }
}
