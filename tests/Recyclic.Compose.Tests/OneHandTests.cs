using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>What a real engine's containers must be before they are changed, and who may change them.</summary>
[Category("Docker"), CancelAfter(120_000)]
public sealed class OneHandTests
{
    private const string App = "cmp-hand";

    [Test]
    public async Task Only_what_bears_the_applications_mark_is_changed_and_only_under_its_lock(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "half.yml");
        using var engine = new DockerEngine(new DockerCli(new ProcessCommandRunner()));
        var hostLock = new DockerHostLock(engine, TimeProvider.System);
        string ours,
            stranger;
        await using (await hostLock.TakeAsync(App, "first", null, cancellationToken))
        {
            ours = await Worker.RunAsync(App, App, "exec sleep 600", cancellationToken);
            stranger = await Worker.RunAsync(null, App, "exec sleep 600", cancellationToken);
            var refused = await Should.ThrowAsync<EngineException>(() =>
                engine.StopContainersAsync([ours, stranger], cancellationToken)
            );
            refused.Message.ShouldContain($"({stranger[..12]})");
            refused.Message.ShouldContain("is left as it is");
            (await StateAsync(ours, cancellationToken)).ShouldBe("running");
            (await StateAsync(stranger, cancellationToken)).ShouldBe("running");
        }

        (
            await Should.ThrowAsync<EngineException>(() => engine.StopContainersAsync([ours], cancellationToken))
        ).Message.ShouldBe($"{App} is not changed without its deploy lock");
        await using (await hostLock.TakeAsync(App, "second", null, cancellationToken))
        {
            await new DockerHostLock(engine, TimeProvider.System).BreakAsync(App, cancellationToken);
            // Until its end has been heard of, the answer with which the lock was taken may still count.
            await Eventually.TrueAsync(
                async () =>
                {
                    try
                    {
                        await engine.StartContainersAsync([ours], cancellationToken);
                        return false;
                    }
                    catch (StepFailedException)
                    {
                        return true;
                    }
                },
                "the lost lock stops a change",
                cancellationToken
            );
            await Should.ThrowAsync<StepFailedException>(() => engine.StopContainersAsync([ours], cancellationToken));
            (await StateAsync(ours, cancellationToken)).ShouldBe("running");
        }
        await using (await hostLock.TakeAsync(App, "third", null, cancellationToken))
        {
            await Stack.DockerAsync(cancellationToken, "update", "--restart", "no", ours);
            await engine.StopContainersAsync([ours], cancellationToken);
            (await StateAsync(ours, cancellationToken)).ShouldBe("exited");
        }
    }

    private static Task<string> StateAsync(string id, CancellationToken cancellationToken) =>
        Stack.DockerAsync(cancellationToken, "inspect", "--format", "{{.State.Status}}", id);
}
