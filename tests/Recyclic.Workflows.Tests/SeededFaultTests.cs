namespace Recyclic.Workflows.Tests;

/// <summary>A generator that went wrong in one of these ways would be noticed.</summary>
[CancelAfter(240_000)]
public class SeededFaultTests
{
    private static readonly (string Name, string From, string To)[] Faults =
    [
        ("a deploy does not wait for its gate", "      - images\n      - approve-production\n", "      - images\n"),
        ("a job needs one that is not there", "      - pack\n", "      - pakc\n"),
        ("a build is taken by a name", "artifact-ids: ${{ needs.workflows.outputs._build }}", "name: _build"),
        (
            "a lost build fails a job",
            "        continue-on-error: true\n        with:\n          artifact-ids",
            "        with:\n          artifact-ids"
        ),
        ("jobs wait for each other", "  pack:\n    needs: workflows\n", "  pack:\n    needs: images\n"),
        (
            "a secret is in a job that does not need it",
            "        env:\n          RECYCLIC_OUTPUT_DIGESTS: ${{ needs.images.outputs.Digests }}\n          SLACK_WEBHOOK",
            "        env:\n          DEPLOY_KEY: ${{ secrets.DEPLOY_KEY }}\n          SLACK_WEBHOOK"
        ),
        (
            "a secret is missing in the job that needs it",
            "        env:\n          REGISTRY_PASSWORD: ${{ secrets.REGISTRY_PASSWORD }}\n",
            ""
        ),
        (
            "a secret is under another name",
            "DEPLOY_KEY: ${{ secrets.DEPLOY_KEY }}",
            "DEPLOY_KEY: ${{ secrets.REGISTRY_PASSWORD }}"
        ),
        (
            "a value is spliced into the command",
            "exec ./build.sh Setup DeployStaging --skip --environment staging",
            "exec ./build.sh Setup DeployStaging --skip --environment ${{ github.head_ref }}"
        ),
        (
            "the build is not the process that is signalled",
            "exec ./build.sh Setup AtomicDeploy",
            "./build.sh Setup AtomicDeploy"
        ),
        (
            "a second line is in the step",
            "run: exec ./build.sh Setup BuildImages PushImages --skip",
            "run: |-\n          set -e\n          exec ./build.sh Setup BuildImages PushImages --skip"
        ),
        (
            "a deploy is cancelled by a newer one",
            "      group: deploy-production\n      cancel-in-progress: false",
            "      group: deploy-production\n      cancel-in-progress: true"
        ),
        (
            "a deploy is in no queue",
            "    concurrency:\n      group: deploy-production\n      cancel-in-progress: false\n",
            ""
        ),
        (
            "a gate is in a queue",
            "      deployment: false\n",
            "      deployment: false\n    concurrency:\n      group: gate\n      cancel-in-progress: false\n"
        ),
        (
            "an action follows a tag",
            "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
            "actions/download-artifact@v8"
        ),
        ("all jobs may write", "permissions: {}\n", "permissions:\n  contents: write\n"),
        (
            "a job may do more than was asked for",
            "      contents: read\n      packages: write\n",
            "      contents: write\n      packages: write\n"
        ),
        ("a job has no time limit", "    timeout-minutes: 60\n", ""),
        (
            "an output comes from a step that is not there",
            "${{ steps.build.outputs.Digests }}",
            "${{ steps.biuld.outputs.Digests }}"
        ),
        (
            "a dependency is in no job",
            "exec ./build.sh Setup BuildImages PushImages --skip",
            "exec ./build.sh Setup PushImages --skip"
        ),
        (
            "an action gets an input that it does not have",
            "          if-no-files-found: error\n",
            "          if-no-file-found: error\n"
        ),
        ("a key is misspelled", "    timeout-minutes: 60\n", "    timeout-minutes: 60\n    timeout-minuts: 60\n"),
    ];

    /// <summary>What only a reader of expressions notices.</summary>
    private static readonly (string Name, string From, string To)[] Expressions =
    [
        ("a function is misspelled", "failure() || cancelled()", "failed() || cancelled()"),
        ("a result of another job is read", "needs.atomic-deploy.result", "needs.images.result"),
        (
            "an output is read that nobody sets",
            "needs.images.outputs.Digests }}\n          SLACK",
            "needs.images.outputs.Digest }}\n          SLACK"
        ),
        (
            "an input is read that nobody asks for",
            "SLACK_WEBHOOK: ${{ secrets.SLACK_WEBHOOK }}",
            "SLACK_WEBHOOK: ${{ inputs.slack }}"
        ),
        ("a step is named twice", "      - id: build\n", "      - id: build\n        run: exit\n      - id: build\n"),
    ];

    public static IEnumerable<string> FaultNames() => Faults.Select(fault => fault.Name);

    public static IEnumerable<string> ExpressionNames() => Expressions.Select(fault => fault.Name);

    [TestCaseSource(nameof(FaultNames))]
    public void It_is_noticed(string name) => Invariants.Broken(Broken(Faults, name), Shop.Graph).ShouldNotBeEmpty();

    [TestCaseSource(nameof(ExpressionNames))]
    public async Task It_is_noticed_by_readers_of_others(string name, CancellationToken cancellationToken) =>
        (
            await Validators.FindAsync(
                [(".github/workflows/production.yml", Broken(Expressions, name))],
                cancellationToken
            )
        ).ShouldNotBeEmpty();

    /// <summary>What each reader is there for: none of them is asleep.</summary>
    [TestCase("actionlint", "    runs-on: ubuntu-24.04\n", "    runs-on: ubuntu-24.4\n")]
    [TestCase("languageservice", "failure() || cancelled()", "failed() || cancelled()")]
    [TestCase("workflow-parser", "  pack:\n    needs: workflows\n", "  pack:\n    needs: images\n")]
    [TestCase("schema", "    timeout-minutes: 60\n", "    timeout-minutes: 60\n    timeout-minuts: 60\n")]
    public async Task Each_reader_of_others_notices_what_it_is_there_for(string tool, string from, string to)
    {
        var found = await Validators.FindAsync(
            [(".github/workflows/production.yml", Broken([("", from, to)], ""))],
            TestContext.CurrentContext.CancellationToken
        );
        found.Select(problem => problem.Tool).ShouldContain(tool, string.Join('\n', found));
    }

    private static string Broken((string Name, string From, string To)[] faults, string name)
    {
        var (_, from, to) = faults.Single(fault => fault.Name == name);
        var text = Shop.Text("production");
        text.ShouldContain(from);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        return text[..at] + to + text[(at + from.Length)..];
    }
}
