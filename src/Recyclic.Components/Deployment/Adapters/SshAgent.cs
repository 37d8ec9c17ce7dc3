using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Components.Adapters;

/// <summary>
/// An ssh agent of our own that holds the deploy key for the length of a session: the key is never in a file and never
/// on a command line. The agent ends with the program that it was started for, and that ends when its input is closed,
/// however this process dies. </summary>
internal sealed partial class SshAgent : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly DirectoryInfo _directory;
    private readonly IRunningCommand _agent;

    private SshAgent(DirectoryInfo directory, IRunningCommand agent) => (_directory, _agent) = (directory, agent);

    private string Socket => Path.Combine(_directory.FullName, "agent");

    /// <summary>What programs that use ssh are to be started with.</summary>
    public ImmutableDictionary<string, string> Variables =>
        ImmutableDictionary<string, string>.Empty.Add("SSH_AUTH_SOCK", Socket);

    /// <param name="named">The variable that holds it.</param>
    /// <param name="key">One or more private keys, each with its BEGIN and END lines.</param>
    /// <exception cref="ConfigurationException">ssh does not take a key, or there is no ssh here.</exception>
    public static async Task<SshAgent> StartAsync(
        ICommandRunner runner,
        string key,
        CancellationToken cancellationToken,
        string named = "DEPLOY_SSH_KEY"
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Deadline);
        var directory = PrivateFiles.CreateFolder("recyclic-ssh-");
        SshAgent? agent = null;
        try
        {
            agent = new(
                directory,
                runner.Start(Command.Of("ssh-agent", "-a", Path.Combine(directory.FullName, "agent"), "cat"))
            );
            // The agent listens before it starts the program, so an echo says that it does.
            await agent._agent.WriteLineAsync("ready", limit.Token);
            await foreach (var _ in agent._agent.ReadLinesAsync(limit.Token))
                break;
            await agent.AddAsync(runner, key, named, limit.Token);
            return agent;
        }
        catch (Exception exception)
        {
            if (agent is not null)
                await agent.DisposeAsync();
            else
                directory.Delete(recursive: true);
            if (exception is CommandFailedException or IOException)
                throw new ConfigurationException(
                    named,
                    $"there is no ssh agent here: {exception.Message}",
                    "Install OpenSSH's client: ssh-agent and ssh-add."
                );
            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new ConfigurationException(
                    named,
                    $"the ssh agent did not answer within {Deadline.TotalSeconds:0} s",
                    "Give a private key without a passphrase."
                );
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        try
        {
            _directory.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Gone already, or the agent takes its socket away at this moment.
        }
    }

    private async Task AddAsync(ICommandRunner runner, string key, string named, CancellationToken cancellationToken)
    {
        var keys = PrivateKey().Matches(key.ReplaceLineEndings("\n"));
        if (keys.Count == 0)
            throw new ConfigurationException(
                named,
                "there is no private key in it",
                "Give the whole file, from its BEGIN line to its END line."
            );
        foreach (Match one in keys)
        {
            var added = await runner.RunAsync(
                Command.Of("ssh-add", "-q", "-") with
                {
                    StandardInput = one.Value + "\n",
                    // Nobody is there to be asked for a passphrase.
                    Environment = Variables.Add("SSH_ASKPASS_REQUIRE", "never").Add("DISPLAY", ""),
                    Timeout = Deadline,
                },
                cancellationToken
            );
            if (!added.Succeeded)
                throw new ConfigurationException(
                    named,
                    $"ssh does not take the key: {added.StandardError.Split('\n')[0].Trim()}",
                    "Give a private key without a passphrase, whole, from its BEGIN line to its END line."
                );
        }
    }

    [GeneratedRegex(
        @"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----\n.*?-----END [A-Z0-9 ]*PRIVATE KEY-----",
        RegexOptions.Singleline
    )]
    private static partial Regex PrivateKey();
}

/// <summary>What lets a session in to its host.</summary>
internal static class SshAccess
{
    /// <summary>
    /// With a deploy key, an agent that holds it for as long as the session lasts; null where ssh is to find its way by
    /// itself.
    /// </summary>
    /// <inheritdoc cref="SshAgent.StartAsync" path="/exception"/>
    public static async Task<SshAgent?> OpenAsync(
        IHazDeployment build,
        EngineAddress engine,
        CancellationToken cancellationToken
    )
    {
        if (engine.Host?.StartsWith("ssh://", StringComparison.Ordinal) != true)
            return null;
        KnowHosts(build);
        return build.Deployment.DeploySshKey is { Length: > 0 } key
            ? await SshAgent.StartAsync(new ToolRunner(), key, cancellationToken)
            : null;
    }

    /// <summary>The same for a key that can only approve.</summary>
    /// <inheritdoc cref="SshAgent.StartAsync" path="/exception"/>
    public static async Task<SshAgent?> OpenAsync(
        IHazDeployment build,
        ApprovalAccess door,
        CancellationToken cancellationToken
    )
    {
        KnowHosts(build);
        return door.Key is { } key
            ? await SshAgent.StartAsync(new ToolRunner(), key, cancellationToken, "APPROVAL_SSH_KEY")
            : null;
    }

    private static void KnowHosts(IHazDeployment build)
    {
        if (build.Deployment.DeployKnownHosts is { Length: > 0 } hosts)
            KnownHosts.Add(
                Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh"),
                hosts
            );
    }
}
