using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Processes;

namespace Recyclic.Components.Registry.Adapters;

/// <summary>
/// A configuration of the docker command line of our own, with a login in it. The user's own is neither read by that
/// login nor written.
/// </summary>
internal sealed class DockerConfig : IDisposable
{
    private readonly DirectoryInfo _directory;

    private DockerConfig(DirectoryInfo directory) => _directory = directory;

    public string Path => _directory.FullName;

    /// <summary>One without a login yet.</summary>
    public static DockerConfig Create(DockerCli docker)
    {
        var config = new DockerConfig(PrivateFiles.CreateFolder("recyclic-docker-"));
        try
        {
            config.Inherit(docker.Setting.Directory);
            return config;
        }
        catch
        {
            config.Dispose();
            throw;
        }
    }

    /// <summary>Logs in; the password goes by standard input.</summary>
    /// <exception cref="RegistryException">The registry does not let us in, or does not answer.</exception>
    public async Task LogInAsync(
        DockerCli docker,
        string registry,
        RegistryCredentials who,
        CancellationToken cancellationToken
    )
    {
        var command = Command.Of("docker", "login", "--username", who.User, "--password-stdin", registry) with
        {
            StandardInput = who.Password,
            Secrets = [who.Password],
            Environment = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add(
                "DOCKER_CONFIG",
                Path
            ),
            Timeout = TimeSpan.FromSeconds(60),
        };
        var result = await docker.RunAsync(command, cancellationToken);
        if (!result.Succeeded)
            throw new RegistryException(
                RegistryProblem.OfPush(result.StandardError.Replace(who.Password, "***", StringComparison.Ordinal))
            );
    }

    public void Dispose()
    {
        try
        {
            // Links are removed, not what they point to.
            _directory.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Gone already.
        }
    }

    /// <summary>Contexts and plugins stay those of the user; logins do not come along.</summary>
    private void Inherit(string from)
    {
        foreach (var name in new[] { "contexts", "cli-plugins" })
            if (System.IO.Directory.Exists(System.IO.Path.Combine(from, name)))
                System.IO.Directory.CreateSymbolicLink(
                    System.IO.Path.Combine(Path, name),
                    System.IO.Path.GetFullPath(System.IO.Path.Combine(from, name))
                );
        var own = new JsonObject();
        if (
            DockerLogins.Read(System.IO.Path.Combine(from, "config.json"))?["currentContext"]?.ToString() is
            { Length: > 0 } context
        )
            own["currentContext"] = context;
        PrivateFiles.Write(System.IO.Path.Combine(Path, "config.json"), own.ToJsonString());
    }
}

/// <summary>
/// The logins that the user's docker command line has, read as that does: `auths`, or a credential helper's answer.
/// </summary>
internal static class DockerLogins
{
    public static async Task<RegistryCredentials?> FindAsync(
        string directory,
        string registry,
        ICommandRunner runner,
        CancellationToken cancellationToken
    )
    {
        var config = Read(Path.Combine(directory, "config.json"));
        if (
            (config?["credHelpers"]?[registry] ?? config?["credsStore"])?.ToString() is { Length: > 0 } helper
            && helper.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        )
            return await AskAsync(helper, registry, runner, cancellationToken);
        return config?["auths"]?[registry]?["auth"]?.ToString() is { Length: > 0 } coded ? Decode(coded) : null;
    }

    public static JsonObject? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) as JsonObject : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static RegistryCredentials? Decode(string coded)
    {
        var bytes = new byte[coded.Length];
        return
            Convert.TryFromBase64String(coded, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var user, var password]
            ? new RegistryCredentials(user, password)
            : null;
    }

    private static async Task<RegistryCredentials?> AskAsync(
        string helper,
        string registry,
        ICommandRunner runner,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var result = await runner.RunAsync(
                Command.Of($"docker-credential-{helper}", "get") with
                {
                    StandardInput = registry,
                    Timeout = TimeSpan.FromSeconds(15),
                    IsReadOnly = true,
                },
                cancellationToken
            );
            if (!result.Succeeded || JsonNode.Parse(result.StandardOutput) is not JsonObject answer)
                return null;
            return answer["Username"]?.ToString() is { } user && answer["Secret"]?.ToString() is { } secret
                ? new RegistryCredentials(user, secret)
                : null;
        }
        catch (Exception exception) when (exception is CommandFailedException or JsonException)
        {
            // The registry then says that it wants a login.
            return null;
        }
    }
}
