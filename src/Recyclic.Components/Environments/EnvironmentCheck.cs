using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recyclic.Components.Registry;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Environments;

/// <summary>Pure: whether the environments of a build make sense, as a whole.</summary>
internal static partial class EnvironmentCheck
{
    private static readonly string[] Channels = ["telegram", "slack", "pagerduty", "webhook"];

    /// <summary>Every mistake at once; empty: none.</summary>
    public static ImmutableArray<ConfigurationProblem> Mistakes(IReadOnlyList<DeployEnvironment> environments) =>
        [
            .. environments.SelectMany(environment => MistakesOf(environment, environments)),
            .. from twins in environments.GroupBy(environment => environment.Name, StringComparer.OrdinalIgnoreCase)
            where twins.Count() > 1
            select new ConfigurationProblem(
                $"environment {twins.Key}",
                "is there twice",
                "Give each environment a name of its own."
            ),
            .. Cycles(environments),
            .. from twins in environments
                .Where(environment => environment.Engine.WhyInvalid() is null)
                .GroupBy(environment => (environment.Engine, environment.Project))
            where twins.Count() > 1
            select new ConfigurationProblem(
                $"environments {string.Join(" and ", twins.Select(twin => twin.Name))}",
                $"are the same application ({twins.Key.Project ?? "the compose file's own name"}) on the same engine ({twins.Key.Engine}): one would replace the other",
                "Give each a Project or an Engine of its own."
            ),
        ];

    /// <exception cref="ConfigurationException">Every mistake found.</exception>
    public static void Throw(IReadOnlyList<DeployEnvironment> environments)
    {
        if (Mistakes(environments) is { IsEmpty: false } mistakes)
            throw new ConfigurationException(mistakes);
    }

    private static IEnumerable<ConfigurationProblem> MistakesOf(
        DeployEnvironment environment,
        IReadOnlyList<DeployEnvironment> all
    )
    {
        var place = $"environment {environment.Name}";
        if (!EnvironmentName().IsMatch(environment.Name))
            yield return new(
                place,
                $"'{environment.Name}' cannot be an environment's name",
                "Use 1 to 30 lower-case letters, digits and dashes, beginning with a letter."
            );
        if (environment.Engine.WhyInvalid() is { } engine)
            yield return new(
                place + ", Engine",
                engine,
                "Use EngineAddress.Local, OnContext(name), Ssh(\"user@host\") or FromVariable(name)."
            );
        if (environment.ApprovalHost is { Variable: null } door && ApprovalAccess.WhyNoDoor(door) is { } noDoor)
            yield return new(place + ", ApprovalHost", noDoor, "Use Ssh(\"user@host\") or FromVariable(name).");
        if (environment.Registry is { } registry && RegistryAddress.WhyNoPlace(registry) is { } reason)
            yield return new(place + ", Registry", reason, "Write host[:port][/path], without a scheme.");
        if (environment.Project is { } project && !Naming.IsValid(project))
            yield return new(
                place + ", Project",
                $"'{project}' cannot be an application's name",
                "Use 1 to 40 lower-case letters, digits, '-' and '_', beginning with a letter or digit."
            );
        if (
            environment.PublicUrl is { } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        )
            yield return new(
                place + ", PublicUrl",
                $"'{url}' is not an http or https address",
                "Write it with its scheme: https://…"
            );
        if (environment is { SmokeTests.IsEmpty: false, PublicUrl: null })
            yield return new(place + ", SmokeTests", "there is no address to ask", "Set PublicUrl.");
        foreach (var test in environment.SmokeTests.Where(test => !test.Path.StartsWith('/')))
            yield return new(place + ", SmokeTests", $"'{test.Path}' is not a path", "Begin it with '/'.");
        foreach (
            var name in environment
                .Variables.Select(variable => variable.Name)
                .Concat(environment.Secrets.SelectMany(secret => new[] { secret.Variable, secret.From }))
                .Concat(environment.BuildVariables)
                .Distinct()
                .Where(name => !VariableName().IsMatch(name))
        )
            yield return new(
                place,
                $"'{name}' cannot be a variable's name",
                "Use letters, digits and '_', not beginning with a digit."
            );
        foreach (
            var name in environment
                .Variables.Select(variable => variable.Name)
                .Where(name =>
                    name
                        is ComposeModel.DefaultTagVariable
                            or "REGISTRY"
                            or "DOCKER_HOST"
                            or "DOCKER_CONTEXT"
                            or "DOCKER_CONFIG"
                )
        )
            yield return new(
                place + ", Variables",
                $"{name} is set by the deployer itself",
                "Use Engine, Registry or --tag."
            );
        foreach (
            var name in environment
                .Variables.Select(variable => variable.Name)
                .Intersect(environment.Secrets.Select(secret => secret.Variable))
        )
            yield return new(place, $"{name} is both a variable and a secret", "Keep it among the secrets alone.");
        foreach (
            var twins in environment.Variables.GroupBy(variable => variable.Name).Where(group => group.Count() > 1)
        )
            yield return new(place + ", Variables", $"{twins.Key} is there twice", "Keep one.");
        if (environment.PromotesFrom is { } from && all.All(other => other.Name != from))
            yield return new(
                place + ", PromotesFrom",
                $"there is no environment {from}",
                $"Use one of: {string.Join(", ", all.Select(other => other.Name))}."
            );
        if (environment is { Gates.IsEmpty: false, NeedsApproval: false })
            yield return new(
                place + ", Gates",
                "nobody would ask them: they are asked for an approval, and none is needed",
                "Set NeedsApproval, or take the gates out."
            );
        if (environment.ApprovalLifetime <= TimeSpan.Zero)
            yield return new(
                place + ", ApprovalLifetime",
                "an approval would never be valid",
                "Use a time above zero."
            );
        foreach (var (name, time) in Times(environment.Strategy).Where(entry => entry.Time < TimeSpan.Zero))
            yield return new($"{place}, Strategy.{name}", "is below zero", "Use a time of zero or more.");
        if (environment.Strategy.Canary is { } canary)
            foreach (
                var mistake in canary.Mistakes(
                    place + ", Strategy.Canary",
                    place + ", Strategy.Canary.Bake",
                    place + ", Strategy.Canary.HoldLimit"
                )
            )
                yield return mistake;
        foreach (var gate in environment.Gates)
        foreach (var mistake in gate.Mistakes(environment))
            yield return new($"{place}, gate '{gate.Name}'", mistake.What, mistake.Mend);
        foreach (var gate in environment.Gates.Where(gate => gate.MayGoUnasked?.Trim().Length == 0))
            yield return new(
                $"{place}, gate '{gate.Name}'",
                "it may go unasked, and there is no reason",
                "Say why in MayGoUnasked: the record of an approval has it."
            );
        foreach (var channel in (environment.Notifications ?? []).Except(Channels))
            yield return new(
                place + ", Notifications",
                $"there is no channel {channel}",
                $"Use one of: {string.Join(", ", Channels)}."
            );
    }

    private static IEnumerable<(string Name, TimeSpan? Time)> Times(DeployStrategy strategy) =>
        [
            ("DeployTimeout", strategy.DeployTimeout),
            ("HealthCheckInterval", strategy.HealthCheckInterval),
            ("DrainTimeout", strategy.DrainTimeout),
            ("Watch", strategy.Watch),
            ("WatchFor", strategy.WatchFor),
        ];

    private static IEnumerable<ConfigurationProblem> Cycles(IReadOnlyList<DeployEnvironment> environments)
    {
        var reported = new HashSet<string>();
        foreach (var start in environments)
        {
            var path = new List<string>();
            for (
                var at = start;
                at is not null && !path.Contains(at.Name);
                at = environments.FirstOrDefault(other => other.Name == at.PromotesFrom)
            )
                path.Add(at.Name);
            var last = environments.FirstOrDefault(other => other.Name == path[^1])?.PromotesFrom;
            if (last != start.Name || !reported.Add(string.Join(' ', path.Order(StringComparer.Ordinal))))
                continue;
            yield return new(
                $"environment {start.Name}, PromotesFrom",
                $"a release can never arrive: {string.Join(" from ", path.Append(start.Name))}",
                "Let one of them take releases from anywhere."
            );
        }
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,29}\z", RegexOptions.CultureInvariant)]
    private static partial Regex EnvironmentName();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();
}
