using System.Text.Json;
using System.Text.RegularExpressions;
using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Components.Environments;
using Recyclic.Components.Gates;
using Recyclic.Components.GitHub;
using Recyclic.Components.Notifications;
using Recyclic.Components.Promotion;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;
using Recyclic.Deploy.Testing;
using Recyclic.Processes;
using Serilog;

namespace Recyclic.Components.Tests.ForeignText;

/// <summary>
/// Every source of foreign text on its way to every place where people or programs read it, with every hostile text:
/// none gets through.
/// </summary>
[CancelAfter(60_000)]
public sealed class ForeignTextTableTests
{
    private static readonly DeployEnvironment Production = new("production")
    {
        NeedsApproval = true,
        Gates = [new ApproverGate(), new ChangelogGate(), new ChecksGate(), new IssuesGate()],
    };

    private static readonly Dictionary<string, Func<string, string>> Sources = new()
    {
        ["a container's log"] = text => Failure(new StepFailedException("api is unhealthy", ["  " + text])),
        ["a probe's answer"] = text => Failure(new StepFailedException($"last probe failed: {text}", [])),
        ["the engine's refusal of an undo"] = text =>
            FailureReport.Of(
                Outcomes.Of(
                    Outcome.Failed,
                    cause: new TimeoutException("late"),
                    undoCause: new InvalidOperationException(text)
                )
            ),
        ["a tool's last words"] = text =>
            new CommandFailedException(new CommandResult(Command.Of("docker", "up"), 1, "", text)).Message,
        ["a tool's line"] = text => text,
        ["compose's refusal"] = text => new ConfigurationException(text, text, text).Message,
        ["an author's name"] = text => Listed(facts => facts with { Authors = [text], Approver = "ann" }),
        ["who approves"] = text => Listed(facts => facts with { Approver = text }),
        ["a check's name"] = text => Listed(facts => facts with { Checks = new([], [], [text]) }),
        ["an issue's title"] = text => Listed(facts => facts with { OpenIssues = ["#1 " + text] }),
        ["GitHub's answer"] = text => Listed(facts => facts with { GitHubProblem = text }),
        ["a heading of the changelog"] = text =>
            Listed(facts => facts with { ChangelogHeadings = ["## Unreleased " + text] }),
        ["who holds the lock"] = text =>
            new LockHeldException(new LockHolder(text, Outcomes.Start, text), text).Message,
        ["another deployer's journal"] = text =>
            HistoryReport.ToText(
                new Journal([
                    new JournalRecord(Outcomes.Start, "1", JournalKind.Begin)
                    {
                        Operation = Operation.Deploy,
                        Release = Outcomes.Release("1"),
                        Slot = Slot.Blue,
                        By = text,
                    },
                    new JournalRecord(Outcomes.Start, "1", JournalKind.End) { Outcome = Outcome.Failed, Reason = text },
                ]),
                Outcomes.Start
            ),
        ["what a smoke test got"] = text =>
            SmokeResult.FailureText(
                [new SmokeResult("http://shop.example", text)],
                Production,
                Outcomes.Of(Outcome.Success)
            ),
        ["a commit's message"] = text => ReleaseNotes.From(["feat: " + text], null).Replace("\u200b", ""),
    };

    private static readonly Dictionary<string, Func<string[], string, Task>> Sinks = new()
    {
        ["terminal"] = async (texts, what) =>
            HostileTexts.ShouldBeHarmless(await PrintedAsync(texts, isColoured: true, []), what),
        ["GitHub's log"] = async (texts, what) =>
        {
            var log = await PrintedAsync(texts, isColoured: false, new() { ["GITHUB_ACTIONS"] = "true" });
            log = string.Join(
                '\n',
                log.Split('\n').Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal))
            );
            HostileTexts.ShouldBeHarmless(log, what);
            HostileTexts.ShouldCommandNothing(log, what);
        },
        ["GitHub's log for programs"] = async (texts, what) =>
        {
            var log = await PrintedAsync(
                texts,
                isColoured: false,
                new() { ["GITHUB_ACTIONS"] = "true" },
                "--log",
                "json"
            );
            log = string.Join(
                '\n',
                log.Split('\n').Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal))
            );
            HostileTexts.ShouldCommandNothing(log, what);
            foreach (var line in log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            foreach (var text in StringsIn(JsonDocument.Parse(line).RootElement))
                HostileTexts.ShouldBeHarmless(text, what);
        },
        ["step summary"] = SummaryAsync,
        ["notice"] = (texts, what) =>
        {
            foreach (var text in texts)
                Noticed(text, what);
            return Task.CompletedTask;
        },
        ["journal"] = JournalAsync,
    };

    public static IEnumerable<TestCaseData> Cells() =>
        from source in Sources.Keys
        from sink in Sinks.Keys
        select new TestCaseData(source, sink).SetArgDisplayNames(source, sink);

    [TestCaseSource(nameof(Cells))]
    public Task No_hostile_text_gets_through(string source, string sink) =>
        Sinks[sink]([.. HostileTexts.All.Select(Sources[source])], $"{source} to {sink}");

    [Test]
    public void The_table_is_as_large_as_it_says()
    {
        Sources.Count.ShouldBeGreaterThanOrEqualTo(12);
        Sinks.Count.ShouldBe(6);
        HostileTexts.All.Length.ShouldBeGreaterThanOrEqualTo(20);
    }

    private static string Failure(Exception cause) => FailureReport.Of(Outcomes.Of(Outcome.Undone, cause: cause));

    private static string Listed(Func<GateFacts, GateFacts> with) =>
        Checklist
            .Of(
                with(
                    new GateFacts(Production, Outcomes.Start, "abc1234", "d1")
                    {
                        Authors = ["bob"],
                        Approver = "ann",
                        ChangelogHeadings = ["## [Unreleased]"],
                    }
                )
            )
            .ToText();

    private static async Task<string> PrintedAsync(
        string[] texts,
        bool isColoured,
        Dictionary<string, string> environment,
        params string[] options
    )
    {
        var run = await RunAsync(texts, isColoured, environment, options);
        return run.Output + run.Error;
    }

    private static async Task<BuildTestRun> RunAsync(
        string[] texts,
        bool isColoured,
        Dictionary<string, string> environment,
        params string[] options
    )
    {
        var tester = new BuildTester
        {
            RootDirectory = Directory.CreateTempSubdirectory("recyclic-").FullName,
            Configure = host => host with { IsColoured = isColoured, TerminalWidth = isColoured ? 200 : 0 },
        };
        foreach (var (name, value) in environment)
            tester.Environment[name] = value;
        try
        {
            Saying.Texts.Value = texts;
            return await tester.RunAsync<Saying>(["Say", .. options]);
        }
        finally
        {
            tester.RootDirectory.DeleteDirectory();
        }
    }

    private static IEnumerable<string> StringsIn(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.String => [element.GetString()!],
            JsonValueKind.Array => element.EnumerateArray().SelectMany(StringsIn),
            JsonValueKind.Object => element.EnumerateObject().SelectMany(property => StringsIn(property.Value)),
            _ => [],
        };

    private static async Task SummaryAsync(string[] texts, string what)
    {
        var file = Path.GetTempFileName();
        try
        {
            await RunAsync(
                texts,
                isColoured: false,
                new() { ["GITHUB_ACTIONS"] = "true", ["GITHUB_STEP_SUMMARY"] = file }
            );
            var markdown = await File.ReadAllTextAsync(file);
            markdown.ShouldContain("| Say |");
            HostileTexts.ShouldBeHarmless(markdown, what);
            HostileTexts.ShouldCommandNothing(markdown, what);
            markdown.ShouldNotMatch("<[a-z/!@]", what);
            markdown.ShouldNotMatch(@"(?<!\\)\]\(");
            foreach (var row in markdown.Split('\n').Where(line => line.StartsWith('|')))
                Regex.Count(row, @"(?<!\\)(\\\\)*\|").ShouldBe(5, $"{what}: {row}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Noticed(string text, string what)
    {
        var redactor = new Redactor();
        redactor.Add(HostileTexts.Secret);
        var notice = (
            Notices.Of(NoticeEvent.Failure) with
            {
                Reason = text,
                By = text,
                Tag = text,
                Host = text,
                Undone = [text],
                NotUndone = [text],
                Warnings = [text],
            }
        ).Shown(redactor);
        HostileTexts.ShouldBeHarmless(NoticeText.Plain(notice), what);
        foreach (
            var value in JsonDocument
                .Parse(JsonSerializer.SerializeToUtf8Bytes(notice, NoticeJson.Default.DeployNotice))
                .RootElement.EnumerateObject()
                .Select(property => property.Value)
                .Where(value => value.ValueKind == JsonValueKind.String)
        )
        {
            HostileTexts.ShouldBeHarmless(value.GetString()!, what);
            value.GetString()!.ShouldNotContain('\n', what);
        }
    }

    private static async Task JournalAsync(string[] texts, string what)
    {
        var host = new MemoryHost(new MemoryApplication("shop").Service("api", "shop/api:${TAG}", port: 8000));
        var tester = new BuildTester().On(host);
        var records = new List<JournalRecord>();
        foreach (var text in texts)
        {
            Recording.What.Value = (text, records);
            var run = await tester.RunAsync<Recording>("Record");
            run.ExitCode.ShouldBe(0, run.Output);
        }
        records.Count.ShouldBe(texts.Length);
        foreach (var record in records)
        foreach (
            var field in (string?[])
                [record.By, record.Step, record.Reason, record.Approval!.Override, .. record.Approval.Evidence]
        )
            HostileTexts.ShouldBeHarmless(field!, what);
    }

    public sealed class Saying : RecyclicBuild
    {
        public static readonly AsyncLocal<string[]> Texts = new();

        public Target Say =>
            _ =>
                _.Executes(() =>
                {
                    AddSecret(HostileTexts.Secret);
                    foreach (var text in Texts.Value!)
                    {
                        WriteLine(text);
                        Log.Information("{Line:l}", text);
                        Log.Warning("{Line:l}", text);
                        ShowProgress(text);
                        ShowProgress(null);
                        ReportSummary("Said", text);
                    }
                    throw new TargetFailedException(string.Join('\n', Texts.Value!), 1);
                });
    }

    public sealed class Recording : RecyclicBuild, IAtomicDeploy
    {
        public static readonly AsyncLocal<(string Text, List<JournalRecord> Records)> What = new();

        public Target Record =>
            _ =>
                _.Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            AddSecret(HostileTexts.Secret);
                            await using (
                                var host = await session.Lock.TakeAsync("shop", "ann", null, cancellationToken)
                            )
                            {
                                var (text, records) = What.Value;
                                await host.AppendAsync(
                                    new JournalRecord(Outcomes.Start, "1", JournalKind.Approve)
                                    {
                                        By = text,
                                        Step = text,
                                        Reason = text,
                                        Approval = new Approval("production", "d1", "1", text, Outcomes.Start)
                                        {
                                            Override = text,
                                            Evidence = [text],
                                        },
                                    },
                                    cancellationToken
                                );
                                records.Add((await host.ReadAsync(cancellationToken)).Journal.Records[^1]);
                            }
                        },
                        cancellationToken
                    )
                );
    }
}
