using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Processes;

namespace Recyclic.Components;

/// <summary>A command that a person runs in a container: what is said of it.</summary>
internal static class PersonCommand
{
    private const int CannotRun = 126,
        NotFound = 127;

    /// <exception cref="ConfigurationException">There is none.</exception>
    public static ImmutableArray<string> Checked(ImmutableArray<string> command, string target) =>
        command is [{ Length: > 0 }, ..]
            ? command
            : throw new ConfigurationException(
                target,
                "it was not said what to run",
                $"Write it behind two dashes: ./build.sh {target} --service <name> -- <program> <arguments>."
            );

    /// <exception cref="ConfigurationException">The place runs no commands.</exception>
    public static ICommandHost HostOf(DeploySession session) =>
        session.Platform.Commands
        ?? throw new ConfigurationException(
            "--environment",
            $"{session.HostName} runs no commands for a person",
            "Name one with a Docker engine."
        );

    /// <summary>For a person; long ones are cut.</summary>
    public static string Describe(ImmutableArray<string> command) =>
        PrintableText.Of(string.Join(' ', command.Select(Command.Quote)), 200);

    /// <summary>What is said where it did not end well.</summary>
    /// <param name="container">Where it ran.</param>
    public static string Ended(ImmutableArray<string> command, string container, int code) =>
        $"{Describe([command[0]])} in {container} ended with exit code {code}"
        + (
            code is CannotRun or NotFound
                ? $"\n  cause   a program could not be run; most likely {container} has no {Describe([command[0]])}, as images without a shell have none\n  next    name a program that it has, by its path; or look into it from beside: docker run --rm -it --pid container:{container} --network container:{container} busybox"
                : ""
        );
}
