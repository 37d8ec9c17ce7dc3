using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// An image of ours, built from files in this library. It is built on the target engine, or where that can neither pull the
/// base nor reach Debian's packages, on this machine's engine, and brought from there.
/// </summary>
/// <param name="reference">Its name; the tag changes with the files.</param>
/// <param name="files">By name, the Dockerfile among them.</param>
/// <param name="options">Of the build.</param>
internal sealed class OwnImage(
    DockerCli docker,
    EngineClient engine,
    HostChanges changes,
    string reference,
    ImmutableDictionary<string, string> files,
    ImmutableArray<string> options
)
{
    /// <summary>
    /// How long a build may take. One that cannot get at the packages would else take much longer to say so.
    /// </summary>
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(5);

    /// <summary>What sets the docker command line to this machine's own engine, whatever it is set to.</summary>
    private static readonly ImmutableDictionary<string, string> Here = ImmutableDictionary<string, string>
        .Empty.Add("DOCKER_HOST", "")
        .Add("DOCKER_CONTEXT", "default");

    public async Task<bool> IsPresentAsync(CancellationToken cancellationToken) =>
        await engine.FindImageAsync(reference, cancellationToken) is not null;

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!await IsPresentAsync(cancellationToken))
            await MakeAsync([], cancellationToken);
    }

    public Task RenewAsync(CancellationToken cancellationToken) => MakeAsync(["--no-cache"], cancellationToken);

    private async Task MakeAsync(ImmutableArray<string> how, CancellationToken cancellationToken)
    {
        var directory = PrivateFiles.CreateFolder("recyclic-edge-");
        try
        {
            foreach (var (name, text) in files)
                PrivateFiles.Write(Path.Combine(directory.FullName, name), text);
            if (await WhyNotBuiltAsync(directory.FullName, how, null, cancellationToken) is not { } notThere)
                return;
            var notHere = docker.Setting.IsSystemEngine
                ? "it is the same engine"
                : await WhyNotBroughtAsync(directory.FullName, how, cancellationToken);
            if (notHere is not null)
                throw new EngineException(
                    $"the engine {(how.IsEmpty ? $"does not have {reference} and " : "")}cannot build {(how.IsEmpty ? "it" : reference)}: {notThere}; nor can it be brought from this machine's engine: {notHere}. Let one of them reach debian:bookworm-slim and Debian's packages, or load the image by hand: docker load"
                );
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task<string?> WhyNotBroughtAsync(
        string directory,
        ImmutableArray<string> how,
        CancellationToken cancellationToken
    )
    {
        // One that is here is brought as it is: built again it would be another one, and this engine's edges outdated.
        var here = how.IsEmpty ? await PlatformHereAsync(cancellationToken) : "";
        if (here.Length == 0)
        {
            if (await WhyNotBuiltAsync(directory, how, Here, cancellationToken) is { } why)
                return why;
            here = await PlatformHereAsync(cancellationToken);
        }
        var server = await engine.ReadVersionAsync(cancellationToken);
        var there = $"{server.Os}/{server.Arch}";
        if (here != there)
            return $"that one is {here}, the other {there}";
        var archive = Path.Combine(directory, "edge.tar");
        foreach (
            var (arguments, where) in new[]
            {
                ((string[])["save", "--output", archive, reference], Here),
                (["load", "--quiet", "--input", archive], null),
            }
        )
            if (await RunAsync(arguments, where, cancellationToken) is { Succeeded: false } failed)
                return LastLine(failed);
        return null;
    }

    /// <summary>What the image of this machine's engine is for, such as `linux/amd64`; empty: it has none.</summary>
    private async Task<string> PlatformHereAsync(CancellationToken cancellationToken) =>
        (
            await docker.ReadAsync(
                ["image", "inspect", "--format", "{{.Os}}/{{.Architecture}}", reference],
                cancellationToken,
                Here
            )
        ).StandardOutput.Trim();

    private async Task<string?> WhyNotBuiltAsync(
        string directory,
        ImmutableArray<string> how,
        ImmutableDictionary<string, string>? where,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var built = await RunAsync(
                ["build", "--quiet", .. how, .. options, "--tag", reference, directory],
                where,
                cancellationToken
            );
            return built.Succeeded ? null : LastLine(built);
        }
        catch (CommandFailedException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception.Message.Split('\n')[0];
        }
    }

    /// <param name="where">Null: the target engine.</param>
    private Task<CommandResult> RunAsync(
        IEnumerable<string> arguments,
        ImmutableDictionary<string, string>? where,
        CancellationToken cancellationToken
    ) => changes.MakeImageAsync(arguments, where, BuildDeadline, cancellationToken);

    private static string LastLine(CommandResult result) =>
        PrintableText.Of(
            result
                .StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .LastOrDefault()
                ?? $"exit code {result.ExitCode}",
            300
        );
}
