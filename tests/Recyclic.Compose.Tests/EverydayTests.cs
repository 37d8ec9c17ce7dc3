using System.Security.Cryptography;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>Everyday commands, on an engine, as a person types them.</summary>
[Category("Docker"), CancelAfter(200_000)]
public sealed class EverydayTests
{
    private const string App = "cmp-everyday";
    private const int Megabyte = 1 << 20;

    [Test]
    public async Task A_command_gets_its_input_gives_its_output_byte_by_byte_and_its_exit_code(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = new Stack(App, "one-off.yml") { Environment = Stack.Variables(("WEB_PORT", "17477")) };
        await stack.RemoveAsync();
        var deployed = await stack.DeployAsync("v1", cancellationToken, "--watch", "0");
        deployed.ExitCode.ShouldBe(0, deployed.StandardOutput + deployed.StandardError);

        var sent = RandomNumberGenerator.GetBytes(Megabyte);
        await using (
            var cat = new ProcessCommandRunner().Start(Command.Of(Script, ["Exec", .. Of(stack), "--", "cat"]))
        )
        {
            var got = new MemoryStream();
            var reading = cat.Output.CopyToAsync(got, cancellationToken);
            await cat.Input.WriteAsync(sent, cancellationToken);
            await cat.Input.DisposeAsync();
            (await cat.Ended.WaitAsync(cancellationToken)).ExitCode.ShouldBe(0);
            await reading;
            got.ToArray().AsSpan().SequenceEqual(sent).ShouldBeTrue($"{got.Length} bytes came back");
        }

        var words = await ExecAsync("printf", "[%s]", "", "a b", "$HOME;", "-x", "--");
        words.StandardOutput.TrimEnd('\n').ShouldBe("[][a b][$HOME;][-x][--]");
        words.StandardError.ShouldBeEmpty();

        var failed = await ExecAsync("sh", "-c", "echo out; echo err >&2; exit 7");
        failed.ExitCode.ShouldBe(7);
        failed.StandardOutput.TrimEnd('\n').ShouldBe("out");
        failed.StandardError.ShouldStartWith("err");
        failed.StandardError.ShouldContain("ended with exit code 7");

        var absent = await ExecAsync("no-such-program");
        // Which of the two says that there is no such program differs from engine to engine.
        absent.ExitCode.ShouldBeOneOf(126, 127);
        absent.StandardError.ShouldContain($"most likely {App}--blue-web-1 has no no-such-program");

        // What was interrupted leaves nothing in the container.
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sleeping = stack.BuildAsync(["Exec", .. Of(stack), "--", "sleep", "4242"], interrupted.Token);
        await Eventually.TrueAsync(IsAsleepAsync, "the command runs in the container", cancellationToken);
        await interrupted.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => sleeping);
        await Eventually.TrueAsync(
            async () => !await IsAsleepAsync(),
            "nothing of the command is left in the container",
            cancellationToken
        );

        Task<CommandResult> ExecAsync(params string[] command) =>
            stack.BuildAsync(["Exec", .. Of(stack), "--", .. command], cancellationToken);

        async Task<bool> IsAsleepAsync() =>
            (
                await Stack.DockerAsync(
                    cancellationToken,
                    "top",
                    await stack.ContainerOfAsync("web", cancellationToken),
                    "-eo",
                    "pid,args"
                )
            ).Contains("sleep 4242", StringComparison.Ordinal);
    }

    private static string Script => Path.Combine(Repository.Root, "build.sh");

    private static IEnumerable<string> Of(Stack stack) => [.. stack.Files, "--service", "web"];
}
