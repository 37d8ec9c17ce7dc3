using System.Text.RegularExpressions;
using Recyclic.EndToEnd.Support;
using Recyclic.Terminals;

namespace Recyclic.EndToEnd;

/// <summary>
/// Ctrl-C as it is typed: on a terminal, at each step of an upgrade with a service that must not run twice.
/// </summary>
[CancelAfter(480_000)]
public sealed partial class TerminalDeployTests : StackTests
{
    private static readonly TimeSpan StepDeadline = TimeSpan.FromMinutes(2);

    /// <summary>Numbers of steps, as on the plan: start, gate, hand over, cut over, commit, watch, drain.</summary>
    [TestCase(1, 1), TestCase(1, 2)]
    [TestCase(2, 1), TestCase(2, 2)]
    [TestCase(3, 1), TestCase(3, 2)]
    [TestCase(4, 1), TestCase(4, 2)]
    [TestCase(5, 1), TestCase(5, 2)]
    [TestCase(6, 1), TestCase(6, 2)]
    [TestCase(7, 1), TestCase(7, 2)]
    public async Task Ctrl_C_undoes_everything(int step, int times)
    {
        if ((step, times) is not ((2, 1) or (3, 2)))
            Settings.OnlyWithAllFaults();
        await Stack.EnsureAsync(One, Token);
        var before = await Stack.InventoryAsync(Token);
        await using var site = await Site.OpenAsync(Stack, Token);

        var (exitCode, screen) = await DeployAsync(step, times);

        if (step == 7 && exitCode == 0)
        {
            // There was nothing to drain: the deploy was over before it heard of it.
            await site.CloseFlawlesslyAsync(Token);
            await Stack.ShouldServeAsync(Two, Token);
            await StartOverAsync();
            return;
        }
        exitCode.ShouldBe(130, screen);
        Regex.Count(screen, "SIGINT: cancelling").ShouldBe(1, screen);
        Regex.Count(screen, "SIGINT again: ").ShouldBe(times - 1, screen);
        if (times > 1)
            screen.ShouldContain($"\n  {Stack.App}: the deploy of {Two} half done\n");
        if (step == 2 && times == 1)
            ShouldBeAsOnReadme(screen);
        await ShouldBeAsBeforeCancelAsync(site, before);
    }

    /// <summary>
    /// Behind the point of no return the release stays; what is left of the one before waits for a rollback.
    /// </summary>
    [Test]
    public async Task Ctrl_C_while_the_old_release_is_stopped_changes_nothing_for_users()
    {
        Settings.OnlyWithAllFaults();
        await Stack.EnsureAsync(One, Token);
        await using var site = await Site.OpenAsync(Stack, Token);
        var (exitCode, screen) = await DeployAsync(step: 8, times: 1);
        exitCode.ShouldBeOneOf([0, 130], screen);
        await site.CloseFlawlesslyAsync(Token);
        await Stack.ShouldServeAsync(Two, Token);
        await Stack.ShouldHaveOneBotAsync(Token);
        await StartOverAsync();
    }

    /// <summary>The idle slot is empty again for the others.</summary>
    private async Task StartOverAsync()
    {
        await Stack.DisposeAsync();
        Stack = new Stack(1);
        await PrepareAsync(Token);
    }

    /// <summary>
    /// The deployer stands still at a step while somebody presses Ctrl-C, so that it is that step at which it hears it.
    /// </summary>
    private async Task<(int ExitCode, string Screen)> DeployAsync(int step, int times)
    {
        Stack.StrikeAt($"freeze:2@after:StepBegun:{step}");
        PseudoTerminal? terminal = null;
        try
        {
            await Stack.NextAsync(
                line => line.Kind == "StepBegun" && line.Number == step,
                StepDeadline,
                () => terminal = Stack.StartOnTerminal("AtomicDeploy", "--tag", Two),
                Token
            );
            terminal!.Type(PseudoTerminal.CtrlC);
            if (times > 1)
            {
                // Two that are pending at once are one.
                await terminal.UntilAsync("SIGINT: cancelling", Token);
                terminal.Type(PseudoTerminal.CtrlC);
            }
            return (await terminal.Ended.WaitAsync(Token), terminal.Screen);
        }
        finally
        {
            Stack.StrikeNoMore();
            if (terminal is not null)
                await terminal.DisposeAsync();
        }
    }

    /// <summary>
    /// Every line that README shows of a cancelled deploy, in its order; names, numbers and times are those of this
    /// one. The answer to the signal itself is said after the cancelling has begun, since the terminal may be stopped:
    /// it may come some lines later. </summary>
    private void ShouldBeAsOnReadme(string screen)
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var shown = readme[..readme.IndexOf("$ echo $?\n130\n", StringComparison.Ordinal)];
        var lines = shown[(shown.LastIndexOf("```\n", StringComparison.Ordinal) + 4)..]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SkipWhile(line => !line.Contains("SIGINT", StringComparison.Ordinal))
            .Select(line => Neutral(line, "shop", "e91b7d2", "c82fa04", "blue"))
            .ToList();
        lines.Count.ShouldBeGreaterThan(6);
        var slot = screen.Contains("start green", StringComparison.Ordinal) ? "green" : "blue";
        var printed = screen.Split('\n').Select(line => Neutral(line, Stack.App, Two, One, slot)).ToList();
        printed.ShouldContain(
            other => other.EndsWith(lines[0], StringComparison.Ordinal),
            $"'{lines[0]}' in\n{screen}"
        );
        foreach (var line in lines.Skip(1))
        {
            printed.ShouldContain(other => other.EndsWith(line, StringComparison.Ordinal), $"'{line}' in\n{screen}");
            printed.RemoveRange(0, printed.FindIndex(other => other.EndsWith(line, StringComparison.Ordinal)) + 1);
        }
    }

    private static string Neutral(string line, string app, string to, string from, string slot) =>
        // Where a terminal echoes the key differs.
        Spaces()
            .Replace(
                Times()
                    .Replace(
                        Steps()
                            .Replace(
                                line.Replace("^C", "", StringComparison.Ordinal)
                                    .Replace(app, "APP", StringComparison.Ordinal)
                                    .Replace(slot, "NEW", StringComparison.Ordinal)
                                    .Replace(slot == "blue" ? "green" : "blue", "OLD", StringComparison.Ordinal)
                                    .Replace($" {to} ", " TO ", StringComparison.Ordinal)
                                    .Replace($" {from} on", " FROM on", StringComparison.Ordinal),
                                "STEP "
                            ),
                        "TIME"
                    ),
                " "
            )
            .TrimEnd();

    [GeneratedRegex(@"\d+/\d+ |step \d+ of \d+")]
    private static partial Regex Steps();

    [GeneratedRegex(@"\d+\.\d\d s")]
    private static partial Regex Times();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
