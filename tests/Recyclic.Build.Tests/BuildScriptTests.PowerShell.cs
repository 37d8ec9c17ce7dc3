using Recyclic.Terminals;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>The same build, started by <c>build.ps1</c>.</summary>
public partial class BuildScriptTests
{
    [Test]
    public async Task PowerShell_builds_the_build_once_and_runs_it()
    {
        var first = await InPowerShellAsync("Nop", "--greeting=first word");
        first.ExitCode.ShouldBe(0, first.StandardError);
        first.StandardOutput.ShouldContain("first word");
        var second = await InPowerShellAsync("Nop", "--greeting=second");
        second.ExitCode.ShouldBe(0, second.StandardError);
        second.StandardError.ShouldBe("");
        second.StandardOutput.ShouldContain("second");
    }

    [Test]
    public async Task A_change_that_was_taken_back_builds_nothing_in_PowerShell_either()
    {
        var source = _root / "build" / "Build.cs";
        var original = source.ReadAllText();
        await InPowerShellAsync("Nop");
        await InPowerShellAsync("Nop");
        source.WriteAllText(original + "\n// changed for PowerShell");
        (await InPowerShellAsync("Nop")).StandardError.ShouldContain("Building the build project first");
        source.WriteAllText(original);
        (await InPowerShellAsync("Nop")).StandardError.ShouldBe("");
    }

    [TestCase("Nop --greting=x", 2, "unknown option --greting (did you mean --greeting?)")]
    [TestCase("Nopp", 2, "Nopp")]
    public async Task PowerShell_ends_as_the_build_does(string arguments, int exitCode, string error)
    {
        var ended = await InPowerShellAsync(arguments.Split(' '));
        ended.ExitCode.ShouldBe(exitCode, ended.StandardError);
        ended.StandardError.ShouldContain(error);
    }

    /// <summary>By itself PowerShell ends with 0 when Ctrl-C has stopped its script.</summary>
    [TestCase("Wait", "waiting")]
    [TestCase("Nop", "Building the build project first")]
    public async Task Ctrl_C_in_PowerShell_cancels_undoes_and_ends_with_130(string target, string at)
    {
        await InPowerShellAsync("Nop");
        var source = _root / "build" / "Build.cs";
        if (target == "Nop")
            source.WriteAllText(source.ReadAllText() + "\n// changed before Ctrl-C");
        using var limit = new CancellationTokenSource(PublishTime);
        await using var terminal = PseudoTerminal.Start(PowerShell(target), TestPrograms.ForPowerShell, _root);
        await terminal.UntilAsync(at, limit.Token);
        terminal.Type(PseudoTerminal.CtrlC);
        (await terminal.Ended.WaitAsync(limit.Token)).ShouldBe(130, terminal.Screen);
        terminal.Screen.ShouldContain(
            target == "Wait" ? "undone" : "Cancelled while the build project was being built; nothing was run."
        );
        while (Directory.GetDirectories("/proc", "*").Any(IsOfThisBuild))
            await Task.Delay(50, limit.Token);
    }

    private string[] PowerShell(params string[] arguments) =>
        [TestPrograms.FindOrIgnore("pwsh"), "-NoProfile", "-File", _root / "build.ps1", .. arguments];

    private Task<Recyclic.Processes.CommandResult> InPowerShellAsync(params string[] arguments)
    {
        var command = PowerShell(arguments);
        var environment = NotOnABuildServer.AddRange(TestPrograms.ForPowerShell);
        return _runner.RunAsync(
            Command.Of(command[0], command[1..]) with
            {
                Timeout = PublishTime,
                WorkingDirectory = _root,
                Environment = environment,
            },
            CancellationToken.None
        );
    }
}
