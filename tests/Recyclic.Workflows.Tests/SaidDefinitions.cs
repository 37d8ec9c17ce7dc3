using System.Collections.Immutable;

namespace Recyclic.Workflows.Tests;

/// <summary>Definitions that say what teams write.</summary>
internal static class SaidDefinitions
{
    /// <summary>A workflow that is called, and one that calls it.</summary>
    public static ImmutableArray<Workflow> Calling(ShopBuild b) =>
        [
            b.Staging with
            {
                On =
                [
                    Trigger.Called(
                        new Input(nameof(ShopBuild.Tag)) { IsRequired = true },
                        new Input(nameof(ShopBuild.Repeats)) { Default = "1" }
                    ) with
                    {
                        Outputs = [nameof(ShopBuild.Digests)],
                    },
                ],
                Places = [b.Staging.Places[0], b.Staging.Places[1] with { Secrets = ["DEPLOY_KEY"] }],
            },
            b.Ci with
            {
                Places = [new(b.Test), new(b.Pack) { Env = Env.Of("SHIPPED", "${{ needs.ship.result }}") }],
                Calls =
                [
                    new Call("ship", "./.github/workflows/staging.yml")
                    {
                        DisplayName = "Ship it",
                        After = [b.Test],
                        Before = [b.Pack],
                        If = "github.ref == 'refs/heads/main'",
                        Permissions = Permissions.ReadContents.And("packages", "write"),
                    }
                        .And("tag", "${{ github.sha }}")
                        .And("repeats", "2")
                        .AndSecret("REGISTRY_PASSWORD", "ACME_KEY"),
                    new Call("docs", "acme/shared/.github/workflows/docs.yml@11bd71901bbe5b1630ceea73d27597364c9af683")
                    {
                        Version = "v2.0.0",
                        InheritsSecrets = true,
                    },
                ],
            },
        ];

    /// <summary>All that one workflow can say.</summary>
    public static Workflow Everything(ShopBuild b) =>
        b.Ci with
        {
            Name = "everything",
            DisplayName = "Everything",
            RunName = "All of ${{ github.ref_name }}",
            On =
            [
                Trigger.Push("main").OnPaths("src/**"),
                Trigger.PullRequest("main").ExceptPaths("docs/**"),
                Trigger.Dispatch(
                    new Input(nameof(ShopBuild.Repeats)) { Default = "3" },
                    new Input(nameof(ShopBuild.Environment)) { IsEnvironment = true },
                    new Input(nameof(ShopBuild.Hotfix)) { Default = "false" }
                ),
            ],
            Env = Env.Of("DOTNET_NOLOGO", "true"),
            CancelsOlderRuns = false,
            Concurrency = new("everything-${{ github.ref }}") { CancelsRunning = true },
            Setup =
            [
                Step.Script("git config --global core.autocrlf false") with
                {
                    Name = "Keep line ends",
                    WorkingDirectory = ".",
                },
                Actions.Checkout.And("fetch-depth", "0"),
                Actions.SetupDotNet.And("dotnet-version", "8.0.x\n9.0.x"),
            ],
            Places =
            [
                new(b.Test)
                {
                    DisplayName = "Tests on ${{ matrix.runner }}",
                    If = "github.repository_owner == 'acme'",
                    Matrix =
                    [
                        Axis.Runner(Runners.Ubuntu2404, Runners.Windows2025),
                        new(nameof(ShopBuild.TestPart), "unit", "slow"),
                    ],
                    Exclude = [Combination.On(Runners.Windows2025).And("test-part", "slow")],
                    Include = [Combination.On(Runners.MacOS15).And("test-part", "unit")],
                    MaxParallel = 3,
                    ContinuesOnError = true,
                    Services =
                    [
                        new(
                            "db",
                            new("postgres:17")
                            {
                                Env = Env.Of("POSTGRES_PASSWORD", "test"),
                                Ports = ["5432/tcp"],
                                Options = "--health-cmd pg_isready",
                            }
                        ),
                    ],
                    Env = Env.Of("CONNECTION", "Host=localhost;Port=5432").AndSecret("LICENCE", "ACME_LICENCE"),
                    KeepsArtifacts = TimeSpan.FromDays(7),
                    Steps =
                    [
                        Step.Script("echo \"$PART\"") with
                        {
                            Id = "part",
                            Env = Env.Of("PART", "${{ matrix.test-part }}"),
                            Shell = "pwsh",
                            If = "runner.os == 'Windows'",
                            ContinuesOnError = true,
                            Timeout = TimeSpan.FromMinutes(5),
                        },
                    ],
                    StepsAfter = [Step.Script("echo end") with { If = "failure() || steps.part.outcome == 'skipped'" }],
                },
                new(b.Pack)
                {
                    Container = new("dotnet-sdk:10.0")
                    {
                        Credentials = new("REGISTRY_USER", "REGISTRY_PASSWORD"),
                        Volumes = ["data:/data"],
                    },
                    Concurrency = new("pack") { KeepsWaiting = true },
                },
            ],
        };
}
