using System.Globalization;
using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>Runs the peers' commands in the repository, with the work in their environment.</summary>
/// <param name="Runner">How programs are run.</param>
/// <param name="Root">The repository.</param>
internal sealed record Workshop(ICommandRunner Runner, string Root)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Lingering = TimeSpan.FromMinutes(1);

    /// <summary>A path below <c>bench/</c>.</summary>
    public string Path(string relative) => System.IO.Path.Combine(Root, "bench", relative);

    public Task<CommandResult> RunAsync(
        Work work,
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    ) =>
        Runner.RunAsync(
            Command.Of(program, arguments) with
            {
                WorkingDirectory = Root,
                Timeout = Patience,
                Environment = Command
                    .Of(program)
                    .Environment.Add("TAG", work.Tag)
                    .Add(
                        "START_DELAY_MS",
                        work.StartDelay.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)
                    ),
            },
            cancellationToken
        );

    public Task<CommandResult> DockerAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Runner.RunAsync(
            Command.Of("docker", arguments) with
            {
                WorkingDirectory = Root,
                Timeout = Patience,
            },
            cancellationToken
        );

    /// <summary>Waits until a list of the engine names nothing that begins with a prefix; at most 60 s.</summary>
    public async Task AwaitGoneAsync(IEnumerable<string> list, string prefix, CancellationToken cancellationToken)
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        while (
            (await DockerAsync([.. list, "--filter", $"name=^{prefix}"], cancellationToken))
                .StandardOutput.Trim()
                .Length > 0
            && started.Elapsed < Lingering
        )
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
    }

    /// <summary>Force-removes containers, networks and volumes whose names begin with a prefix, or with `zz.` and it.</summary>
    public async Task RemoveByPrefixAsync(string prefix, CancellationToken cancellationToken)
    {
        await RemoveAsync(["ps", "-aq"], ["rm", "-f", "-v"]);
        await RemoveAsync(["network", "ls", "-q"], ["network", "rm"]);
        await RemoveAsync(["volume", "ls", "-q"], ["volume", "rm"]);

        async Task RemoveAsync(string[] list, string[] remove)
        {
            var found = (
                await DockerAsync([.. list, "--filter", $"name=^(zz\\.)?{prefix}"], cancellationToken)
            ).EnsureSuccess();
            var ids = found.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (ids.Length > 0)
                (await DockerAsync([.. remove, .. ids], cancellationToken)).EnsureSuccess();
        }
    }
}
