using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>A container's own health check.</summary>
public sealed partial class EngineClient
{
    /// <summary>
    /// Runs a container's own health check in it and hears of its end. For <see cref="HostChanges"/> alone.
    /// </summary>
    /// <returns>Its exit code; null: it has none, or the container does not run.</returns>
    internal Task<long?> RunHealthCheckAsync(
        string container,
        IEnumerable<string> check,
        CancellationToken cancellationToken
    ) =>
        AskAsync<long?>(
            $"how the health check of {container} ends",
            async (client, token) =>
            {
                try
                {
                    var parameters = new ContainerExecCreateParameters
                    {
                        Cmd = [.. check],
                        AttachStdout = true,
                        AttachStderr = true,
                    };
                    var run = await client.Exec.CreateContainerExecAsync(PathOf(container), parameters, token);
                    using (var output = await client.Exec.StartContainerExecAsync(run.ID, new(), token))
                        await output.CopyOutputToAsync(Stream.Null, Stream.Null, Stream.Null, token);
                    return (await client.Exec.InspectContainerExecAsync(run.ID, token)).ExitCode;
                }
                catch (DockerApiException exception)
                    when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
                {
                    return null;
                }
            },
            cancellationToken
        );
}
