using System.Collections.Immutable;
using Recyclic.Processes;
using Recyclic.Workflows.Adapters;
using Recyclic.Workflows.Rehearsal;

namespace Recyclic.Workflows.Tests;

/// <summary>Real clones and real processes, with a stand-in for the build.</summary>
[CancelAfter(120_000), NonParallelizable]
public class RehearsalMachineTests
{
    private const string Hostile = "first line\nsecond: 100 % \"quoted\" it's ${{ secrets.X }} $(id) `id` \\ end";

    private const string Script = """
        #!/usr/bin/env bash
        echo "ran $*"
        case "$1" in
          Make) printf 'Digest<<END\nsha256:1\nsecond\nEND\n' >>"$GITHUB_OUTPUT"; mkdir -p output .hidden; echo made >output/a.txt; echo secret >.hidden/b.txt; echo left >stray.txt ;;
          Read) printf '%s' "$DEPLOY_KEY" >"$KEY_FILE"; printf '%s' "$RECYCLIC_OUTPUT_DIGEST" >"$DIGEST_FILE"; cat output/a.txt; [ ! -e stray.txt ] && [ -z "${REHEARSAL_TEST_STRAY:-}" ] ;;
          Fail) exit 3 ;;
        esac
        """;

    private const string Workflow = """
        on: push
        jobs:
          make:
            runs-on: ubuntu-24.04
            outputs:
              Digest: ${{ steps.build.outputs.Digest }}
            steps:
              - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
              - id: build
                run: exec ./build.sh Make --skip
              - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02
                with:
                  name: files
                  path: |-
                    output/*.txt
                    .hidden/*.txt
                  if-no-files-found: error
          read:
            needs: make
            runs-on: ubuntu-24.04
            steps:
              - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
              - uses: actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093
                with:
                  name: files
                  path: .
              - run: exec ./build.sh Read --skip
                env:
                  DEPLOY_KEY: ${{ secrets.DEPLOY_KEY }}
                  KEY_FILE: ${{ vars.KEY_FILE }}
                  DIGEST_FILE: ${{ vars.DIGEST_FILE }}
                  RECYCLIC_OUTPUT_DIGEST: ${{ needs.make.outputs.Digest }}
        """;

    private readonly ProcessCommandRunner _runner = new();
    private readonly List<string> _lines = [];
    private string _root = "";

    [SetUp]
    public async Task MakeRepositoryAsync()
    {
        _root = Directory.CreateTempSubdirectory("recyclic-rehearsal-").FullName;
        var script = Path.Combine(_root, "repository", "build.sh");
        Directory.CreateDirectory(Path.GetDirectoryName(script)!);
        await File.WriteAllTextAsync(script, Script);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, (UnixFileMode)0b111_101_101);
        await GitAsync("init", "--quiet");
        await GitAsync("add", "--all");
        await GitAsync(
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@example.org",
            "commit",
            "--quiet",
            "--message",
            "A build"
        );
        _lines.Clear();
    }

    [TearDown]
    public void Clean() => Directory.Delete(_root, recursive: true);

    [Test]
    public async Task Files_outputs_and_secrets_arrive_byte_for_byte_and_nothing_else_does(
        CancellationToken cancellationToken
    )
    {
        Environment.SetEnvironmentVariable("REHEARSAL_TEST_STRAY", "from the caller");
        var result = await RunAsync(Workflow, cancellationToken);
        Environment.SetEnvironmentVariable("REHEARSAL_TEST_STRAY", null);
        result.Jobs.ShouldAllBe(job => job.Outcome == JobOutcome.Success, string.Join('\n', _lines) + result.ToText());
        File.ReadAllText(Path.Combine(_root, "key")).ShouldBe(Hostile);
        File.ReadAllText(Path.Combine(_root, "digest")).ShouldBe("sha256:1\nsecond");
        _lines.ShouldContain("made");
        Directory
            .GetFiles(Path.Combine(_root, "space", "artifacts"), "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName)
            .ShouldBe(["a.txt"], "hidden files are left out unless asked for");
    }

    [Test]
    public async Task A_target_that_fails_fails_its_job_with_the_line_of_the_file(CancellationToken cancellationToken)
    {
        var result = await RunAsync(
            Workflow.Replace("Make --skip", "Fail --skip", StringComparison.Ordinal),
            cancellationToken
        );
        result.Jobs[0].Outcome.ShouldBe(JobOutcome.Failure);
        result.Jobs[0].Note.ShouldBe("line 9: 'exec ./build.sh Fail --skip' ended with exit code 3");
        result.Jobs[1].Outcome.ShouldBe(JobOutcome.Skipped);
    }

    [Test]
    public async Task A_file_that_was_to_be_uploaded_and_is_not_there_fails_the_job(CancellationToken cancellationToken)
    {
        var result = await RunAsync(
            Workflow.Replace("output/*.txt\n", "output/*.zip\n", StringComparison.Ordinal),
            cancellationToken
        );
        result.Jobs[0].Note.ShouldBe("line 11: no file matches output/*.zip, .hidden/*.txt");
    }

    [Test]
    public async Task What_is_not_committed_is_not_rehearsed(CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(
            Path.Combine(_root, "repository", "build.sh"),
            "#!/usr/bin/env bash\nexit 1\n",
            cancellationToken
        );
        (await RunAsync(Workflow, cancellationToken)).HasFailed.ShouldBeFalse(string.Join('\n', _lines));
    }

    private Task<RehearsalResult> RunAsync(string workflow, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>
        {
            ["DEPLOY_KEY"] = Hostile,
            ["KEY_FILE"] = Path.Combine(_root, "key"),
            ["DIGEST_FILE"] = Path.Combine(_root, "digest"),
        };
        return Rehearsal.Rehearsal.RunAsync(
            WorkflowReader.Read("w.yml", workflow),
            new(
                ImmutableSortedDictionary<string, string>.Empty,
                values.ToImmutableDictionary(),
                values.ToImmutableDictionary(),
                [],
                []
            ),
            new RehearsalMachine(_runner, Path.Combine(_root, "repository"), Path.Combine(_root, "space"), _lines.Add),
            cancellationToken
        );
    }

    private async Task GitAsync(params string[] arguments) =>
        (
            await _runner.RunAsync(
                Command.Of("git", arguments) with
                {
                    WorkingDirectory = Path.Combine(_root, "repository"),
                },
                CancellationToken.None
            )
        ).EnsureSuccess();
}
