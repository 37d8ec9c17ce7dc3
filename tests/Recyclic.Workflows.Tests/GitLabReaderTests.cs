using System.Text.Json;
using Recyclic.Processes;
using Recyclic.Workflows.GitLab;

namespace Recyclic.Workflows.Tests;

/// <summary>
/// The file as a reader of others takes it: valid by GitLab's own JSON schema, and with the jobs in a pipeline that are
/// to be there.
/// </summary>
[CancelAfter(240_000)]
public class GitLabReaderTests
{
    [Test]
    public async Task The_schema_finds_nothing_wrong_with_what_is_generated(CancellationToken cancellationToken)
    {
        foreach (var text in new[] { await GitLabFileTests.ShopFileAsync(), await GitLabFileTests.SampleFileAsync() })
            (await ReadAsync(text, cancellationToken)).Trouble.ShouldBeEmpty();
    }

    [TestCase("  interruptible: false\n", "  interruptible: sometimes\n")]
    [TestCase("  timeout: '60 minutes'\n", "  timeout: '60 minutes'\n  timeuot: '60 minutes'\n")]
    [TestCase("      when: manual\n", "      when: by hand\n")]
    [TestCase("    - job: production:images\n", "    - job: production:image\n")]
    [TestCase("      dotenv: ", "      dotenf: ")]
    public async Task The_reader_is_not_asleep(string from, string to)
    {
        var text = await GitLabFileTests.ShopFileAsync();
        text.ShouldContain(from);
        (
            await ReadAsync(
                text.Replace(from, to, StringComparison.Ordinal),
                TestContext.CurrentContext.CancellationToken
            )
        ).Trouble.ShouldNotBeEmpty();
    }

    [TestCase("push of main", "ci production", "CI_PIPELINE_SOURCE=push", "CI_COMMIT_BRANCH=main")]
    [TestCase("push of develop", "ci staging", "CI_PIPELINE_SOURCE=push", "CI_COMMIT_BRANCH=develop")]
    [TestCase("push of another branch", "", "CI_PIPELINE_SOURCE=push", "CI_COMMIT_BRANCH=feature")]
    [TestCase("merge request", "ci", "CI_PIPELINE_SOURCE=merge_request_event", "CI_COMMIT_BRANCH=feature")]
    [TestCase("by hand, none chosen", "", "CI_PIPELINE_SOURCE=web", "CI_COMMIT_BRANCH=main")]
    [TestCase(
        "rollback by hand",
        "rollback",
        "CI_PIPELINE_SOURCE=web",
        "CI_COMMIT_BRANCH=main",
        "RUN_WORKFLOW=rollback"
    )]
    [TestCase(
        "hotfix by hand without what it requires",
        "",
        "CI_PIPELINE_SOURCE=web",
        "CI_COMMIT_BRANCH=main",
        "RUN_WORKFLOW=hotfix"
    )]
    [TestCase(
        "hotfix by hand",
        "hotfix",
        "CI_PIPELINE_SOURCE=api",
        "CI_COMMIT_BRANCH=main",
        "RUN_WORKFLOW=hotfix",
        "RECYCLIC_TAG=abc1234"
    )]
    public async Task A_pipeline_has_the_jobs_of_the_workflows_that_its_reason_starts(
        string reason,
        string workflows,
        params string[] variables
    )
    {
        var read = await ReadAsync(
            await GitLabFileTests.ShopFileAsync(),
            TestContext.CurrentContext.CancellationToken,
            variables
        );
        read.Trouble.ShouldBeEmpty(reason);
        string.Join(
                ' ',
                read.Jobs.Where(name => name.Contains(':', StringComparison.Ordinal))
                    .Select(name => name.Split(':')[0])
                    .Distinct()
                    .Order()
            )
            .ShouldBe(workflows, reason);
        read.Jobs.Contains("workflows").ShouldBe(workflows.Length > 0, reason);
    }

    internal sealed record Reading(string Trouble, string[] Jobs);

    internal static async Task<Reading> ReadAsync(
        string text,
        CancellationToken cancellationToken,
        params string[] variables
    )
    {
        var validators = await Validators.DirectoryAsync(cancellationToken);
        var directory = Directory.CreateTempSubdirectory("recyclic-gitlab-reader-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory, GitLabCi.File), text, cancellationToken);
            string[][] git =
            [
                ["init", "--quiet"],
                ["remote", "add", "origin", "git@example.org:shop/shop.git"],
                [
                    "-c",
                    "user.name=Test",
                    "-c",
                    "user.email=test@example.org",
                    "commit",
                    "--quiet",
                    "--allow-empty",
                    "--message",
                    "A commit",
                ],
            ];
            foreach (var arguments in git)
                (await RunAsync(directory, "git", arguments, cancellationToken)).EnsureSuccess();
            var result = await RunAsync(
                directory,
                "node",
                [
                    Path.Combine(validators, "gitlab.mjs"),
                    "--list-json",
                    "--ignore-predefined-vars",
                    "CI_PIPELINE_SOURCE,CI_COMMIT_BRANCH",
                    .. variables.SelectMany(variable => new[] { "--variable", variable }),
                ],
                cancellationToken
            );
            if (!result.Succeeded)
                return new(result.StandardError + result.StandardOutput, []);
            result.StandardError.ShouldContain("json schema validated");
            var jobs = JsonDocument.Parse(result.StandardOutput).RootElement;
            return new(
                "",
                [
                    .. jobs.EnumerateArray()
                        .Where(job => job.GetProperty("when").GetString() != "never")
                        .Select(job => job.GetProperty("name").GetString()!),
                ]
            );
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Task<CommandResult> RunAsync(
        string directory,
        string program,
        string[] arguments,
        CancellationToken cancellationToken
    ) =>
        new ProcessCommandRunner().RunAsync(
            Command.Of(program, arguments) with
            {
                WorkingDirectory = directory,
                Timeout = TimeSpan.FromMinutes(1),
            },
            cancellationToken
        );
}
