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
                run=$$VERSION.$$(date +%s%N)
                trap 'echo "$$VERSION ends after $$i"; exit 0' TERM
                i=0
                while :; do
                  i=$$((i + 1))
                  if [ $$((i % 2)) = 0 ]; then echo "$$VERSION line $$i $$run $$SHOP_PASSWORD"; else echo "$$VERSION line $$i $$run" >&2; fi
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
                ["Logs", "--follow", "--tail", "all", "--service", "count", .. stack.Files]
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
        await UntilAsync("v1 ends after");
        await UntilAsync("v2 line 41");
        (await stack.RollbackAsync(cancellationToken, "--watch", "0")).EnsureSuccess();
        await UntilAsync("v2 ends after");
        await UntilAsync("v1 line 41", 2);
        await person.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(following);

        var printed = lines
            .Where(line => line.Contains(" | v"))
            .Select(line => line[(line.IndexOf(" | ") + 3)..])
            .ToList();
        lines.ShouldNotContain(line => line.Contains("correct-horse"));
        var written = printed
            .Where(line => line.Contains(" line "))
            .Select(line => line.Split(' '))
            .Select(words => (Run: words[3], Number: int.Parse(words[2])))
            .ToList();
        // v1 is started a second time, and counts from one again.
        foreach (var run in written.GroupBy(line => line.Run, line => line.Number))
        {
            run.Order().ShouldBe(Enumerable.Range(1, run.Count()), run.Key);
            // Each stream by itself: the engine reads the two side by side, and knows no order of both.
            foreach (var stream in run.GroupBy(number => number % 2))
                stream.ShouldBeInOrder(SortDirection.Ascending, run.Key);
            TestContext.Out.WriteLine($"{run.Key}: {run.Count()} lines");
        }
        written.Select(line => line.Run).Distinct().Select(run => run.Split('.')[0]).ShouldBe(["v1", "v2", "v1"]);
        // It may have been told to end between counting a line and writing it.
        foreach (var end in printed.Where(line => line.Contains(" ends after ")).Select(line => line.Split(' ')))
            printed.ShouldContain(line => line.StartsWith($"{end[0]} line {int.Parse(end[3]) - 1}"));

        async Task UntilAsync(string text, int times = 1)
        {
            while (lines.Count(line => line.Contains($" | {text} ")) < times)
                await Task.Delay(20, cancellationToken);
        }
    }
}
