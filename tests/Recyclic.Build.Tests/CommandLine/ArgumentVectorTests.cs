using System.Text.RegularExpressions;
using Recyclic.Build.Testing;

namespace Recyclic.Build.Tests.CommandLine;

/// <summary>
/// One command line a row: variables first, as in a shell; then the exit code; then the targets in the order of the
/// summary, with a <c>!</c> for a failed one, <c>-</c> for a skipped one, <c>?</c> for one that did not get its turn;
/// or else the mistake. </summary>
[CancelAfter(20_000)]
public partial class ArgumentVectorTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() =>
        _host = new TestHost()
            .File("parameters.prod.json", """{ "Tag": "prod", "Stage": "production-east", "Break": ["Publish"] }""")
            .File("parameters.docs.json", """{ "WithDocs": true, "Stage": "staging" }""")
            .File("parameters.broken.json", "{\n  \"Tag\": \"a\"\n  \"Stage\": 1 }")
            .File("parameters.typo.json", """{ "Taggg": "a" }""")
            .File("parameters.wrong.json", """{ "Retries": "many", "Tag": {} }""");

    [TearDown]
    public void TearDown() => _host.Dispose();

    // What runs, and in which order.
    [TestCase("Restore", 0, "Restore")]
    [TestCase("", 0, "Restore Compile")]
    [TestCase("Compile", 0, "Restore Compile")]
    [TestCase("Test", 0, "Restore Compile Test")]
    [TestCase("Pack", 0, "Restore Compile Pack")]
    [TestCase("Pack Test", 0, "Restore Compile Test Pack")]
    [TestCase("Test Pack", 0, "Restore Compile Test Pack")]
    [TestCase("Clean Compile", 0, "Clean Restore Compile")]
    [TestCase("Compile Clean", 0, "Clean Restore Compile")]
    [TestCase("Lint Clean --stage staging", 0, "Lint Clean")]
    [TestCase("Clean Lint --stage staging", 0, "Clean Lint")]
    [TestCase("Restore Restore", 0, "Restore")]
    [TestCase("--target Restore", 0, "Restore")]
    [TestCase("--target Clean Restore", 0, "Clean Restore")]
    [TestCase("--target Clean+Restore", 0, "Clean Restore")]
    [TestCase("Clean --target Restore", 0, "Clean Restore")]
    [TestCase("-- Clean Restore", 0, "Clean Restore")]
    [TestCase("restore", 0, "Restore")]
    [TestCase("RESTORE", 0, "Restore")]
    [TestCase("Loud", 0, "Loud")]
    [TestCase("LOUD", 0, "LOUD")]
    [TestCase("Announce", 0, "Announce")]
    [TestCase("Publish --tag a", 0, "Restore Compile Pack Publish Announce Rollback-")]
    [TestCase("Publish --tag=a Test", 0, "Restore Compile Test Pack Publish Announce Rollback-")]
    [TestCase("Rollback", 0, "Rollback-")]
    // What is left out.
    [TestCase("All", 0, "Restore Compile Test Pack Docs-")]
    [TestCase("All --with-docs", 0, "Restore Compile Test Pack Docs")]
    [TestCase("Docs", 0, "Restore- Compile- Docs-")]
    [TestCase("Lint", 0, "Lint-")]
    [TestCase("Test --skip Compile", 0, "Restore- Compile- Test")]
    [TestCase("Test --skip", 0, "Restore- Compile- Test")]
    [TestCase("Test --skip Restore", 0, "Restore- Compile Test")]
    [TestCase("Test --skip restore+compile", 0, "Restore- Compile- Test")]
    [TestCase("Test --skip Restore --skip Compile", 0, "Restore- Compile- Test")]
    [TestCase("Pack Test --skip Compile", 0, "Restore- Compile- Test Pack")]
    [TestCase("Test --skip Pack", 0, "Restore Compile Test")]
    [TestCase("Publish --tag a --skip Announce", 0, "Restore Compile Pack Publish Announce- Rollback-")]
    [TestCase("Release --skip Sign", 0, "Clean Sign- Release")]
    [TestCase("Compile --skip Lint", 0, "Restore Compile")]
    // What fails.
    [TestCase("Compile --break Compile", 1, "Restore Compile!")]
    [TestCase("Test --break Restore", 1, "Restore! Compile? Test?")]
    [TestCase("Test Pack --break Test", 1, "Restore Compile Test! Pack")]
    [TestCase("Publish --tag a --break Publish", 1, "Restore Compile Pack Publish! Announce? Rollback")]
    [TestCase("Publish --tag a --break Restore", 1, "Restore! Compile? Pack? Publish? Announce? Rollback")]
    [TestCase("Publish Test --tag a --break=Test,Publish", 1, "Restore Compile Test! Pack Publish! Announce? Rollback")]
    [TestCase("Publish --tag a --break Announce", 1, "Restore Compile Pack Publish Announce! Rollback")]
    // Where values come from.
    [TestCase("RECYCLIC_TAG=a Publish", 0, "Restore Compile Pack Publish Announce Rollback-")]
    [TestCase("RECYCLIC_STAGE=staging Lint", 0, "Lint")]
    [TestCase("RECYCLIC_STAGE=staging Lint --stage local", 0, "Lint-")]
    [TestCase("STAGE=staging Lint", 0, "Lint-")]
    [TestCase("WITH_DOCS=1 All", 0, "Restore Compile Test Pack Docs")]
    [TestCase("WITH_DOCS=1 All --no-with-docs", 0, "Restore Compile Test Pack Docs-")]
    [TestCase("RECYCLIC_BREAK=Test,Pack All", 1, "Restore Compile Test! Pack! Docs-")]
    [TestCase("Lint --profile docs", 0, "Lint")]
    [TestCase("RECYCLIC_PROFILE=docs All", 0, "Restore Compile Test Pack Docs")]
    [TestCase("Publish --profile prod", 1, "Restore Compile Pack Publish! Announce? Rollback")]
    [TestCase("Publish --profile prod docs --break Lint", 0, "Restore Compile Pack Publish Announce Rollback-")]
    [TestCase("RECYCLIC_STAGE=local Lint --profile docs", 0, "Lint-")]
    [TestCase("Clean --retries -5", 0, "Clean")]
    [TestCase("Clean --retries=-5", 0, "Clean")]
    [TestCase("Clean --patience 1h30m", 0, "Clean")]
    [TestCase("--stage staging Lint", 0, "Lint")]
    [TestCase("Clean --with-docs false Lint", 0, "Clean Lint-")]
    // What is refused.
    [TestCase("Publish", 2, "target Publish requires --tag")]
    [TestCase("TAG=a Publish", 2, "target Publish requires --tag")]
    [TestCase("Publish --tag=", 2, "target Publish requires --tag")]
    [TestCase("Compil", 2, "unknown target Compil (did you mean Compile?)")]
    [TestCase("Restore --skip Compil", 2, "unknown target Compil (did you mean Compile?)")]
    [TestCase("loud", 2, "target loud is ambiguous: write LOUD or Loud")]
    [TestCase("Test --skip Test", 2, "--skip names Test, which is also to run: leave one of them out")]
    [TestCase("--skip Compile", 2, "--skip names Compile, which is also to run: leave one of them out")]
    [TestCase("Hen", 2, "circular dependencies between targets: Hen -> Egg -> Hen")]
    [TestCase("Hen --plan", 2, "circular dependencies between targets: Hen -> Egg -> Hen")]
    [TestCase("Ouroboros", 2, "circular dependencies between targets: Ouroboros -> Ouroboros")]
    [TestCase("Echo", 2, "circular dependencies between targets: Canyon -> Echo -> Canyon")]
    [TestCase("Clean --tga a", 2, "unknown option --tga (did you mean --tag?)")]
    [TestCase("Clean --tga=a", 2, "unknown option --tga (did you mean --tag?)")]
    [TestCase(
        "Clean --stage stagin",
        2,
        "--stage: 'stagin' is not one of local, staging, production-east (did you mean staging?)"
    )]
    [TestCase("Clean --retries", 2, "--retries has no value")]
    [TestCase("Clean --retries 1.5", 2, "--retries: '1.5' is not a whole number in range")]
    [TestCase("Clean --retries 1 --retries 2", 2, "--retries is given twice")]
    [TestCase("Clean --patience 5min", 2, "--patience: '5min' is not a duration")]
    [TestCase("Clean --profile nowhere", 2, "profile nowhere: there is no .nuke/parameters.nowhere.json")]
    [TestCase("Clean --profile broken", 2, ".nuke/parameters.broken.json:3:3: ")]
    [TestCase(
        "Clean --profile typo",
        2,
        ".nuke/parameters.typo.json:1:3: unknown parameter \"Taggg\" (did you mean Tag?)"
    )]
    [TestCase(
        "Clean --profile wrong",
        2,
        ".nuke/parameters.wrong.json:1:3: \"Retries\": 'many' is not a whole number in range"
    )]
    [TestCase("WITH_DOCS=perhaps Clean", 2, "environment variable WITH_DOCS: 'perhaps' is neither true nor false")]
    [TestCase(
        "Clean --registry-password-file nowhere",
        2,
        "--registry-password-file: 'nowhere' is not a file that exists"
    )]
    public async Task A_command_line_runs_what_it_says_or_is_refused(string line, int exitCode, string expected)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var variable in words.TakeWhile(word => Variable().IsMatch(word)).Select(word => word.Split('=', 2)))
            _host.Environment[variable[0]] = variable[1];
        var run = await _host.RunAsync<PipelineBuild>(
            [.. words.SkipWhile(word => Variable().IsMatch(word))],
            [build => build.Compile]
        );
        if (exitCode == 2)
        {
            run.Error.ShouldContain(expected);
            run.Error.ShouldEndWith("Nothing was run. ./build.sh --help lists targets and options.\n");
            run.Output.ShouldBe("");
        }
        else
        {
            run.Error.ShouldBe("");
            Summary(run).ShouldBe(expected);
        }
        run.ExitCode.ShouldBe(exitCode);
    }

    [Test]
    public async Task Every_mistake_is_told_at_once()
    {
        _host.Environment["WITH_DOCS"] = "perhaps";
        var run = await _host.RunAsync<PipelineBuild>(
            "Compil",
            "loud",
            "Hen",
            "Echo",
            "Test",
            "--skip",
            "Test",
            "--tga",
            "x",
            "--retries",
            "many",
            "--profile",
            "typo"
        );
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldBe(
            """
            error: unknown option --tga (did you mean --tag?)
            error: --retries: 'many' is not a whole number in range
            error: environment variable WITH_DOCS: 'perhaps' is neither true nor false
            error: .nuke/parameters.typo.json:1:3: unknown parameter "Taggg" (did you mean Tag?)
            error: unknown target Compil (did you mean Compile?)
            error: target loud is ambiguous: write LOUD or Loud
            error: --skip names Test, which is also to run: leave one of them out
            error: circular dependencies between targets: Canyon -> Echo -> Canyon
            error: circular dependencies between targets: Hen -> Egg -> Hen
            Nothing was run. ./build.sh --help lists targets and options.

            """
        );
    }

    private static string Summary(BuildTestRun run) =>
        string.Join(
            ' ',
            Row()
                .Matches(run.Output)
                .Select(row =>
                    row.Groups[1].Value
                    + row.Groups[2].Value switch
                    {
                        "Failed" => "!",
                        "Skipped" => "-",
                        "NotRun" => "?",
                        _ => "",
                    }
                )
        );

    [GeneratedRegex("^[A-Z_]+=")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(\w+) +(Succeeded|Failed|Skipped|NotRun|Aborted)\b", RegexOptions.Multiline)]
    private static partial Regex Row();
}
