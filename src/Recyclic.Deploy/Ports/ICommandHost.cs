using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Ports;

/// <summary>
/// Runs commands that a person asks for in containers. Their standard input, output and error are this process's own,
/// each byte as it is. None needs the deploy lock: they change nothing that a deploy decides by.
/// </summary>
public interface ICommandHost
{
    /// <summary>Runs a command beside what a container does, and waits for its end, however long that takes.</summary>
    /// <param name="container">One of the application's that runs.</param>
    /// <param name="command">Program and arguments, each as it stands.</param>
    /// <param name="terminal">Whether this process's terminal becomes the command's.</param>
    /// <returns>Its exit code; 126 or 127 where the container has no such program.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; the command was told to end
    /// too.</exception>
    Task<int> ExecAsync(
        string app,
        Container container,
        ImmutableArray<string> command,
        bool terminal,
        CancellationToken cancellationToken
    );
}
