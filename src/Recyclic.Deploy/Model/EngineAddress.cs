using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Which Docker engine is meant. The default is whatever `DOCKER_HOST` or the docker context in use names.
/// </summary>
public sealed partial record EngineAddress
{
    private EngineAddress() { }

    /// <summary>The engine that the docker command line is set to: this machine's own, as a rule.</summary>
    public static EngineAddress Local { get; } = new();

    /// <summary>A docker context by name; null: none.</summary>
    public string? Context { get; private init; }

    /// <summary>An address as `DOCKER_HOST` takes it, for example `ssh://deploy@shop.example`; null: none.</summary>
    public string? Host { get; private init; }

    /// <summary>The environment variable that holds the address; null: the address is written here.</summary>
    public string? Variable { get; private init; }

    /// <summary>Whether nothing was named. The engine that docker is set to may still be on another machine.</summary>
    public bool IsLocal => this == Local;

    /// <summary>The engine of a docker context, as `docker context ls` names it.</summary>
    public static EngineAddress OnContext(string name) => new() { Context = name };

    /// <param name="destination">`user@host`, `host` or `user@host:port`.</param>
    public static EngineAddress Ssh(string destination) => new() { Host = "ssh://" + destination };

    /// <summary>An address that differs by machine: the variable holds what <see cref="Parse"/> reads.</summary>
    public static EngineAddress FromVariable(string name) => new() { Variable = name };

    /// <summary>
    /// `local`, an address with a scheme (`ssh://`, `unix://`, `tcp://`), or a docker context's name.
    /// </summary>
    public static EngineAddress Parse(string text) =>
        text switch
        {
            "local" => Local,
            _ when text.Contains("://", StringComparison.Ordinal) => new() { Host = text },
            _ => OnContext(text),
        };

    /// <summary>Why no engine can be meant by this, or null.</summary>
    public string? WhyInvalid() =>
        this switch
        {
            { Variable: { } variable } => VariableName().IsMatch(variable)
                ? null
                : $"'{variable}' cannot be a variable's name",
            { Context: { } context } => ContextName().IsMatch(context)
                ? null
                : $"'{context}' cannot be a docker context's name",
            { Host: { } host } when !Schemes.Any(scheme => host.StartsWith(scheme, StringComparison.Ordinal)) =>
                $"'{host}' is not an engine's address: {string.Join(", ", Schemes)} are known",
            { Host: { } host }
                when host.StartsWith("ssh://", StringComparison.Ordinal) && !SshAddress().IsMatch(host) =>
                $"'{host}' is not ssh://user@host[:port]",
            _ => null,
        };

    /// <summary>The variables that send the docker command line to this engine; none for <see cref="Local"/>.</summary>
    public ImmutableDictionary<string, string> Variables() =>
        this switch
        {
            { Host: { } host } => ImmutableDictionary<string, string>
                .Empty.Add("DOCKER_HOST", host)
                .Add("DOCKER_CONTEXT", ""),
            // An inherited DOCKER_HOST would win over the context.
            { Context: { } context } => ImmutableDictionary<string, string>
                .Empty.Add("DOCKER_HOST", "")
                .Add("DOCKER_CONTEXT", context),
            _ => ImmutableDictionary<string, string>.Empty,
        };

    /// <summary>For messages: the address, `context name`, `what VARIABLE names` or `local`.</summary>
    public override string ToString() =>
        Host
        ?? (
            Context is { } context ? $"context {context}"
            : Variable is { } variable ? $"what {variable} names"
            : "local"
        );

    private static readonly string[] Schemes = ["ssh://", "unix://", "tcp://", "npipe://"];

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.+-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ContextName();

    // No word that begins with a dash: ssh would take it for an option.
    [GeneratedRegex(
        @"\Assh://([A-Za-z0-9_][A-Za-z0-9_.-]*@)?([A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?(/[A-Za-z0-9_./-]*)?\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex SshAddress();
}
