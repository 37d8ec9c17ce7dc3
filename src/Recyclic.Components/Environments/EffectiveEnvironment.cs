using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Environments;

/// <summary>An environment with what this machine's variables add to it.</summary>
/// <param name="Spec">As the build class states it.</param>
/// <param name="Engine">Where it is, as far as it is known.</param>
/// <param name="SecretValues">By compose variable. Never printed: see <see cref="ToString"/>.</param>
/// <param name="Missing">What is to be set, by name.</param>
public sealed record EffectiveEnvironment(
    DeployEnvironment Spec,
    EngineAddress Engine,
    ImmutableDictionary<string, string> SecretValues,
    ImmutableArray<ConfigurationProblem> Missing
)
{
    /// <summary>
    /// <see cref="DeployEnvironment.ApprovalHost"/> as it takes effect; null: approving takes the engine.
    /// </summary>
    public EngineAddress? ApprovalHost { get; private init; }

    /// <summary>By what this very run gets in instead of the engine; null: the engine.</summary>
    internal ApprovalAccess? Door { get; private init; }

    /// <summary>Reached through a door that lets in only to approve: then the engine is not asked, and not needed.</summary>
    internal EffectiveEnvironment Through(ApprovalAccess? door) =>
        door is null ? this : this with { Door = door, Engine = EngineAddress.Local };

    /// <summary>What every docker command of this environment is started with; the secrets are for compose
    /// alone.</summary>
    internal ImmutableDictionary<string, string> DockerVariables =>
        Engine
            .Variables()
            .SetItems(Spec.Variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)));

    /// <summary>What compose gets besides, and what it does not.</summary>
    /// <param name="variables">Those of the build that hold a secret.</param>
    /// <param name="all">The build's environments: what the secrets of another one come from is a secret here too.</param>
    internal DeclaredSecrets DeclaredSecrets(IEnumerable<string> variables, IEnumerable<DeployEnvironment> all) =>
        new(SecretValues, [.. variables, .. all.SelectMany(each => each.Secrets).Select(secret => secret.From)]);

    /// <param name="given">The variables of the build.</param>
    /// <param name="readFile">What a file holds; null: it cannot be read.</param>
    internal static EffectiveEnvironment Of(
        DeployEnvironment spec,
        IReadOnlyDictionary<string, string> given,
        Func<string, string?> readFile
    )
    {
        var missing = ImmutableArray.CreateBuilder<ConfigurationProblem>();
        var place = $"environment {spec.Name}";
        var engine = spec.Engine;
        if (engine.Variable is { } variable)
        {
            var text = given.GetValueOrDefault(variable)?.Trim() ?? "";
            engine = text.Length == 0 ? engine : EngineAddress.Parse(text);
            if (text.Length == 0)
                missing.Add(
                    new(
                        $"{place}, engine",
                        $"the variable {variable} is not set",
                        $"Set it to ssh://user@host, to a docker context's name, or to local: {variable}=…"
                    )
                );
            else if (engine.WhyInvalid() is { } why)
                missing.Add(
                    new(
                        $"{place}, engine",
                        $"{variable}: {why}",
                        $"Set {variable} to ssh://user@host, to a docker context's name, or to local."
                    )
                );
        }
        var approvalHost = spec.ApprovalHost;
        if (approvalHost?.Variable is { } named)
        {
            var text = given.GetValueOrDefault(named)?.Trim() ?? "";
            approvalHost = text.Length == 0 ? null : EngineAddress.Parse(text);
            if (approvalHost is not null && ApprovalAccess.WhyNoDoor(approvalHost) is { } why)
                missing.Add(new($"{place}, ApprovalHost", $"{named}: {why}", $"Set {named} to ssh://user@host."));
        }
        var secrets = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var secret in spec.Secrets)
        {
            if (given.GetValueOrDefault(secret.From) is { Length: > 0 } value)
                secrets[secret.Variable] = value;
            else if (given.GetValueOrDefault(secret.From + "_FILE") is { Length: > 0 } file)
            {
                if (readFile(file) is { } content)
                    secrets[secret.Variable] = content.TrimEnd('\r', '\n');
                else
                    missing.Add(
                        new(
                            $"{place}, secret {secret.Variable}",
                            $"the file that {secret.From}_FILE names cannot be read",
                            "Give the path of a file that holds the secret."
                        )
                    );
            }
            else
                missing.Add(
                    new(
                        $"{place}, secret {secret.Variable}",
                        $"the variable {secret.From} is not set",
                        $"Set {secret.From}, or {secret.From}_FILE to a file that holds it."
                    )
                );
        }
        return new EffectiveEnvironment(spec, engine, secrets.ToImmutable(), missing.ToImmutable())
        {
            ApprovalHost = approvalHost,
        };
    }

    /// <summary>Whether the engine is known: what only looks needs no more.</summary>
    internal ConfigurationProblem? EngineProblem =>
        Door is null
            ? Missing.FirstOrDefault(problem => problem.Place.EndsWith(", engine", StringComparison.Ordinal))
            : null;

    /// <exception cref="ConfigurationException">Something is missing; all of it, by name.</exception>
    internal void ThrowIfIncomplete()
    {
        if (!Missing.IsEmpty)
            throw new ConfigurationException(Missing);
    }

    /// <summary>The record's own would print the secrets.</summary>
    public override string ToString() => $"{Spec.Name} on {Engine}";
}
