using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Components.Environments;
using Recyclic.Components.Gates;
using Recyclic.Deploy.Model;

/// <summary>Where the sample application goes, and what has to hold before it does.</summary>
partial class Build : IPushImages, IEnvironments, IDeployStaging, IApproveProduction
{
    private static readonly DeployWindow OfficeHours = new("Europe/Vienna", new TimeOnly(9, 0), new TimeOnly(16, 0));

    [Parameter("Registry of the sample's staging and production images, host:port")]
    string? SampleRegistry { get; set; }

    [Parameter("Where users find staging; default: this machine's port 8100")]
    string StagingUrl { get; set; } = "http://localhost:8100";

    [Parameter("Where users find production; default: this machine's port 8200")]
    string ProductionUrl { get; set; } = "http://localhost:8200";

    [Parameter("Nothing goes to production as long as this is set: why")]
    string? ProductionFreeze { get; set; }

    IReadOnlyList<DeployEnvironment> IHazDeployment.DeployEnvironments =>
    [
        DeployEnvironment.Local,
        new("staging")
        {
            Engine = EngineAddress.FromVariable("STAGING_ENGINE"),
            ApprovalHost = EngineAddress.FromVariable("STAGING_APPROVAL_HOST"),
            Project = "recyclic-staging",
            Registry = SampleRegistry,
            Secrets = [new EnvironmentSecret("POSTGRES_PASSWORD") { From = "STAGING_POSTGRES_PASSWORD" }],
            Variables = [new("API_PORT", "8100"), new("FRONTEND_PORT", "4544")],
            PublicUrl = StagingUrl,
            BuildVariables = ["STAGING_URL"],
            SmokeTests = [new("/version") { Contains = "\"{tag}\"" }, new("/health")],
        },
        new("production")
        {
            Engine = EngineAddress.FromVariable("PRODUCTION_ENGINE"),
            ApprovalHost = EngineAddress.FromVariable("PRODUCTION_APPROVAL_HOST"),
            Project = "recyclic-production",
            Registry = SampleRegistry,
            Secrets = [new EnvironmentSecret("POSTGRES_PASSWORD") { From = "PRODUCTION_POSTGRES_PASSWORD" }],
            Variables = [new("API_PORT", "8200"), new("FRONTEND_PORT", "4644")],
            PublicUrl = ProductionUrl,
            BuildVariables = ["PRODUCTION_URL", "PRODUCTION_FREEZE"],
            Strategy = new() { Watch = TimeSpan.FromSeconds(30), KeepWarm = true },
            PromotesFrom = "staging",
            NeedsApproval = true,
            Gates =
            [
                new ChecksGate(), new SoakGate(TimeSpan.FromHours(24)), new IssuesGate(), new ChangelogGate(),
                new WindowGate(OfficeHours) { Freezes = [new(new DateOnly(2026, 12, 21), new DateOnly(2027, 1, 6), "end of the year"), .. ByHand] },
                new ApproverGate(),
            ],
        },
    ];

    private IEnumerable<Freeze> ByHand => string.IsNullOrWhiteSpace(ProductionFreeze) ? [] : [Freeze.UntilLifted(ProductionFreeze)];
}
