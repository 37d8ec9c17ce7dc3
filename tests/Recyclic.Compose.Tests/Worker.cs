namespace Recyclic.Compose.Tests;

/// <summary>Containers as a release has them, without a deploy; they go with their <see cref="Stack"/>.</summary>
internal static class Worker
{
    /// <summary>One that crashes at once, or sleeps. Its application's lock was taken before.</summary>
    /// <param name="app">Whose it is; null: a stranger, with labels that it only claims.</param>
    /// <param name="project">What its name begins with.</param>
    public static async Task<string> RunAsync(
        string? app,
        string project,
        string script,
        CancellationToken cancellationToken
    ) =>
        await Stack.DockerAsync(
            cancellationToken,
            "run",
            "--detach",
            "--restart",
            "always",
            "--name",
            $"{project}-worker-{Guid.NewGuid():N}",
            "--label",
            $"recyclic.app={project}",
            "--label",
            "recyclic.role=release",
            "--label",
            $"recyclic.owner={(app is null ? "somebody.else" : await MarkAsync(app, cancellationToken))}",
            "--entrypoint",
            "/bin/sh",
            "debian:bookworm-slim",
            "-c",
            script
        );

    private static async Task<string> MarkAsync(string app, CancellationToken cancellationToken)
    {
        var owner = await Stack.DockerAsync(
            cancellationToken,
            "volume",
            "inspect",
            "--format",
            "{{index .Labels \"recyclic.owner\"}}",
            $"{app}.state"
        );
        return $"{owner}0";
    }
}
