using System.Text.RegularExpressions;
using Recyclic.Processes;
using Recyclic.Terminals;

namespace Recyclic.Compose.Tests;

/// <summary>
/// What a person on PowerShell sees, on the real engine. Alone: the two scripts build the build anew after each other.
/// </summary>
[Category("Docker"), NonParallelizable, CancelAfter(600_000)]
public sealed partial class PowerShellTests
{
    [Test]
    public async Task A_dry_run_prints_the_plan_that_build_sh_prints(CancellationToken cancellationToken)
    {
        var powerShell = TestPrograms.FindOrIgnore("pwsh");
        await Images.EnsureAsync();
        string[] arguments =
        [
            "AtomicDeploy",
            "--dry-run",
            "--tag",
            "v1",
            "--compose-file",
            Path.Combine(Repository.Files, "shop", "docker-compose.yml"),
            "--project",
            "cmp-powershell",
            "--no-setup",
            "--no-logo",
        ];
        await using var stack = new Stack("cmp-powershell", "shop/docker-compose.yml");
        var command = Command.Of(
            powerShell,
            ["-NoProfile", "-File", Path.Combine(Repository.Root, "build.ps1"), .. arguments]
        );

        var inPowerShell = await new ProcessCommandRunner().RunAsync(
            command with
            {
                WorkingDirectory = Repository.Root,
                Environment = TestPrograms.ForPowerShell,
                Timeout = TimeSpan.FromMinutes(5),
            },
            cancellationToken
        );
        var inBash = await stack.BuildAsync(arguments, cancellationToken);

        inPowerShell.ExitCode.ShouldBe(0, inPowerShell.StandardOutput + inPowerShell.StandardError);
        Plan(inPowerShell).ShouldContain(step => step.Contains("cut over", StringComparison.Ordinal));
        Plan(inPowerShell).ShouldBe(Plan(inBash));
    }

    private static string[] Plan(CommandResult result) =>
        [.. result.StandardOutput.Split('\n').Where(line => Step().IsMatch(line))];

    [GeneratedRegex(@"^\s+\d+\. ")]
    private static partial Regex Step();
}
