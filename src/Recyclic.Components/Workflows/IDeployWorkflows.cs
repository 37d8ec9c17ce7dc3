using System.Collections.Immutable;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;
using Recyclic.Workflows;

namespace Recyclic.Components;

/// <summary>
/// Workflows that deploy: what a job needs to reach an environment is what the environment itself says it needs, so
/// that a secret or an engine that is added there is in the right jobs, and in no other.
/// </summary>
public interface IDeployWorkflows : IWorkflows, IHazDeployment
{
    /// <summary>Names of the variables that the build class reads its registry from; default: none.</summary>
    IEnumerable<string> RegistryVariables => [];

    /// <summary>
    /// Targets that work on an environment's host: in a queue of its own, never cancelled, put right by
    /// <see cref="IRecover.Recover"/> when they fail.
    /// </summary>
    /// <param name="environment">Its name; also that of the GitHub environment.</param>
    sealed Place HostPlace(string environment, params ImmutableArray<TargetReference> targets)
    {
        var spec = Named(environment);
        ImmutableArray<string> access =
        [
            nameof(DeploymentParameters.RegistryPassword).ToVariable(),
            nameof(DeploymentParameters.DeploySshKey).ToVariable(),
            .. spec.Secrets.Select(secret => secret.From),
        ];
        return Place.Deploy(spec.Name, targets) with
        {
            Url =
                Uri.TryCreate(spec.PublicUrl, UriKind.Absolute, out var url) && !url.IsLoopback ? spec.PublicUrl : null,
            Arguments = ["--environment", spec.Name],
            Variables = [.. HostVariables([spec])],
            Secrets = [.. access, .. NoticeSecrets(spec)],
            // Who recovers tells nobody by itself.
            RescueSecrets = access,
            Rescue = this is IRecover ? (TargetReference?)nameof(IRecover.Recover) : null,
        };
    }

    /// <summary>A <see cref="HostPlace"/> whose targets tell GitHub of the deploy.</summary>
    /// <inheritdoc cref="HostPlace"/>
    sealed Place DeployPlace(string environment, params ImmutableArray<TargetReference> targets)
    {
        var place = HostPlace(environment, targets);
        var permissions = place.Permissions.And("deployments", "write").And("statuses", "write");
        // A deploy asks how the environment that its key comes from is protected.
        if (Named(environment).Protected)
            permissions = permissions.And("actions", "read");
        return place with
        {
            // Where releases are approved, each one becomes a release on GitHub, which is written to the repository.
            Permissions = Named(environment).NeedsApproval ? permissions.And("contents", "write") : permissions,
            Secrets = place.Secrets.Add("GITHUB_TOKEN"),
        };
    }

    /// <summary>
    /// The gate before an environment, in the GitHub environment `…-approval`: it reads both hosts and GitHub, and sees
    /// no secret of the application. On hosts that have an <see cref="DeployEnvironment.ApprovalHost"/> it gets in with a
    /// key that can only approve.
    /// </summary>
    /// <inheritdoc cref="HostPlace"/>
    sealed Place GatePlace(string environment, TargetReference target)
    {
        var spec = Named(environment);
        ImmutableArray<DeployEnvironment> read = spec.PromotesFrom is { } from ? [spec, Named(from)] : [spec];
        return Place.Gate(spec.GateName, target) with
        {
            Arguments = ["--environment", spec.Name],
            Variables =
            [
                .. HostVariables(read),
                .. read.Select(each => each.ApprovalHost?.Variable).OfType<string>().Distinct(),
            ],
            Secrets =
            [
                nameof(DeploymentParameters.RegistryPassword).ToVariable(),
                .. read.Any(each => each.ApprovalHost is null)
                    ? [nameof(DeploymentParameters.DeploySshKey).ToVariable()]
                    : ImmutableArray<string>.Empty,
                .. read.Any(each => each.ApprovalHost is not null)
                    ? [nameof(IApproveProduction.ApprovalSshKey).ToVariable()]
                    : ImmutableArray<string>.Empty,
                "GITHUB_TOKEN",
            ],
            Permissions = Permissions
                .ReadContents.And("actions", "read")
                .And("checks", "read")
                .And("issues", "read")
                .And("statuses", "read"),
        };
    }

    /// <summary>Targets that build and push an environment's images: they reach the registry and no host.</summary>
    /// <inheritdoc cref="HostPlace"/>
    sealed Place ImagesPlace(string environment, params ImmutableArray<TargetReference> targets) =>
        new(targets)
        {
            Name = "images",
            Arguments = ["--environment", Named(environment).Name],
            Variables = [.. RegistryVariables, nameof(DeploymentParameters.RegistryUser).ToVariable()],
            Secrets = [nameof(DeploymentParameters.RegistryPassword).ToVariable()],
        };

    private IEnumerable<string> HostVariables(IEnumerable<DeployEnvironment> environments) =>
        [
            .. RegistryVariables,
            nameof(DeploymentParameters.RegistryUser).ToVariable(),
            nameof(DeploymentParameters.DeployKnownHosts).ToVariable(),
            .. environments
                .Select(spec => spec.Engine.Variable)
                .OfType<string>()
                .Concat(environments.SelectMany(spec => spec.BuildVariables))
                .Distinct(),
        ];

    private static IEnumerable<string> NoticeSecrets(DeployEnvironment environment) =>
        from channel in NoticeChannels
        where environment.Notifications?.Contains(channel.Name) != false
        from secret in channel.Secrets
        select secret;

    private static readonly (string Name, string[] Secrets)[] NoticeChannels =
    [
        ("telegram", ["TELEGRAM_BOT_TOKEN", "ADMIN_TELEGRAM_IDS"]),
        ("slack", ["SLACK_WEBHOOK"]),
        ("pagerduty", ["PAGERDUTY_ROUTING_KEY"]),
        ("webhook", ["WEBHOOK_URL"]),
    ];

    private DeployEnvironment Named(string name) =>
        DeployEnvironments.FirstOrDefault(environment => environment.Name == name)
        ?? throw new ConfigurationException(
            "workflows",
            $"this build has no environment {name}",
            $"Use one of: {string.Join(", ", DeployEnvironments.Select(environment => environment.Name))}."
        );
}

internal static class VariableNames
{
    /// <summary>From <c>RegistryPassword</c> to <c>REGISTRY_PASSWORD</c>.</summary>
    public static string ToVariable(this string member) =>
        string.Concat(
            member.Select(
                (letter, i) => i > 0 && char.IsUpper(letter) ? "_" + letter : char.ToUpperInvariant(letter).ToString()
            )
        );
}
