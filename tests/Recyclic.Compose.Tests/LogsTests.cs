using System.Collections.Concurrent;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>Logs as a person reads them, of a service that writes numbered lines on both streams.</summary>
[Category("Docker"), CancelAfter(280_000)]
public sealed class LogsTests
{
    private const string App = "logs-follow";

    private const string Compose = """
        services:
          web:
            image: recyclic-compose-test/healthy:${TAG}
            environment: { SERVICE: web }
            ports: ["17871:8080"]
          count:
            image: recyclic-compose-test/app:${TAG}
            entrypoint:
              - /bin/sh
              - -c
              - |
                trap 'echo "$$VERSION ends after $$i"; exit 0' TERM
                i=0
                while :; do
                  i=$$((i + 1))
                  if [ $$((i % 2)) = 0 ]; then echo "$$VERSION line $$i of $$SHOP_PASSWORD"; else echo "$$VERSION line $$i" >&2; fi
                  sleep 0.02
                done
            environment: { SHOP_PASSWORD: "correct-horse-battery-staple" }
            healthcheck: { test: ["CMD", "true"], interval: 1s }
        """;

    [Test]
    public async Task Following_over_an_upgrade_and_a_rollback_loses_no_line_and_repeats_none(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["compose.yml"], Compose, cancellationToken);
        await using var stack = new Stack(App, "smoke.yml") { ComposeFile = folder["compose.yml"] };
        await stack.RemoveAsync();
        (await stack.DeployAsync("v1", cancellationToken, "--watch", "0")).EnsureSuccess();

        var lines = new ConcurrentQueue<string>();
        using var person = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = new ProcessCommandRunner().RunAsync(
            Command.Of(
                Path.Combine(Repository.Root, "build.sh"),
                ["Logs", "--follow", "--tail", "all", "--services", "count", .. stack.Files]
            ) with
            {
                WorkingDirectory = Repository.Root,
                Timeout = TimeSpan.FromMinutes(4),
                OnLine = lines.Enqueue,
            },
            person.Token
        );
        await UntilAsync("v1 line 41");
        (await stack.DeployAsync("v2", cancellationToken, "--watch", "0")).EnsureSuccess();
        await UntilAsync("v1 ends after ");
        await UntilAsync("v2 line 41");
        (await stack.RollbackAsync(cancellationToken, "--watch", "0")).EnsureSuccess();
        await UntilAsync("v2 ends after ");
        await UntilAsync("v1 line 41", 2);
        await person.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(following);

        var printed = lines
            .Where(line => line.Contains(" | v"))
            .Select(line => line[(line.IndexOf(" | ") + 3)..])
            .ToList();
        lines.ShouldNotContain(line => line.Contains("correct-horse"));
        // v1 is started a second time, and counts from one again.
        foreach (var (version, runs) in new[] { ("v1", 2), ("v2", 1) })
        {
            var numbers = printed
                .Where(line => line.StartsWith($"{version} line "))
                .Select(line => int.Parse(line.Split(' ')[2]))
                .ToList();
            var starts = numbers.Select((number, at) => (number, at)).Where(each => each.number == 1).ToList();
            starts.Count.ShouldBe(runs, version);
            for (var run = 0; run < runs; run++)
            {
                var part = numbers[starts[run].at..(run + 1 < runs ? starts[run + 1].at : numbers.Count)];
                part.ShouldBe(Enumerable.Range(1, part.Count), $"{version}, run {run + 1}");
            }
            TestContext.Out.WriteLine($"{version}: {numbers.Count} lines in {runs} runs");
        }
        // It may have been told to end between counting a line and writing it.
        foreach (var end in printed.Where(line => line.Contains(" ends after ")).Select(line => line.Split(' ')))
            printed.ShouldContain(line => line.StartsWith($"{end[0]} line {int.Parse(end[3]) - 1}"));

        async Task UntilAsync(string text, int times = 1)
        {
            while (lines.Count(line => line.Contains($" | {text}")) < times)
                await Task.Delay(20, cancellationToken);
        }
    }
}
