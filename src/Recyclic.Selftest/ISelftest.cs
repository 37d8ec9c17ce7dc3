using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Deploy.Model;
using Recyclic.Selftest.Adapters;
using Recyclic.Selftest.Model;
using Recyclic.Selftest.Running;

namespace Recyclic.Selftest;

/// <summary>
/// Proves on the engine of this machine that a deployer may be killed, interrupted, frozen or failed at any moment.
/// </summary>
public interface ISelftest : IHazDeployment
{
    /// <summary>Default: false. Not together with <see cref="Sample"/>.</summary>
    [Parameter("With Selftest: 16 cases in some minutes instead of the full matrix")]
    bool Quick => TryGetValue(() => Quick);

    /// <summary>Above 0; null: all of them.</summary>
    [Parameter("With Selftest: so many cases of the full matrix, drawn at random")]
    int? Sample => TryGetValue<int?>(() => Sample);

    /// <summary>Null: a new one each time. Without <see cref="Sample"/> it is refused.</summary>
    [Parameter(
        "With Selftest --sample: draws the same cases again; default: a new one each time, which the report names"
    )]
    int? Seed => TryGetValue<int?>(() => Seed);

    /// <summary>Names as the table has them; null: all.</summary>
    [Parameter("With Selftest: only these faults, for example kill; default: all")]
    string[]? Faults => TryGetValue(() => Faults);

    /// <summary>Names as the table has them; null: all.</summary>
    [Parameter("With Selftest: only these scenarios, for example upgrade; default: all")]
    string[]? Scenarios => TryGetValue(() => Scenarios);

    /// <summary>As <see cref="FaultPoint"/> writes them; null: all.</summary>
    [Parameter("With Selftest: only these points, for example before:Commit:1; default: all")]
    string[]? Points => TryGetValue(() => Points);

    /// <summary>1 to 16; null: half as many as there are processors, 1 to 4.</summary>
    [Parameter(
        "With Selftest: so many cases side by side, each on an application of its own; default: one on two processors, at most 4"
    )]
    int? Lanes => TryGetValue<int?>(() => Lanes);

    /// <summary>
    /// Needs an engine of this machine; its application is removed in the end. Fails where a case broke a promise or
    /// was not run. Not on Windows.
    /// </summary>
    Target Selftest =>
        _ =>
            _.Description(
                    "Kills, interrupts, freezes and fails deploys of a throw-away application at every moment, under load, and checks that nothing is lost"
                )
                .TryDependsOn<ISetup>(build => build.Setup)
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            var selection = Selection.Parse(Scenarios ?? [], Faults ?? [], Points ?? [], Quick) with
                            {
                                Sample = SampleOf(Sample, Seed, Quick),
                            };
                            if (OperatingSystem.IsWindows())
                                throw new ConfigurationException(
                                    "Selftest",
                                    "Windows has no signals to strike a deployer with",
                                    "Run it on Linux or macOS; the deployer is the same."
                                );
                            if (!session.Docker.Setting.IsLocal)
                                throw new ConfigurationException(
                                    "Selftest",
                                    $"the engine is {session.Docker.Setting.EngineHost}, not one of this machine: its ports would be out of reach",
                                    "Run it on that host, or unset DOCKER_HOST and use the default docker context."
                                );
                            // A case's deployers and containers keep two slow processors busy; more of them only wait,
                            // and users' requests with them.
                            var lanes = Lanes ?? Math.Clamp(Environment.ProcessorCount / 2, 1, 4);
                            if (lanes is < 1 or > 16)
                                throw new ConfigurationException("--lanes", $"{lanes} is not possible", "Use 1 to 16.");
                            if (DryRun)
                            {
                                WriteLine(
                                    $"would strike deploys of a throw-away application in {Matrix.Scenarios(selection).Length} scenarios and then remove all of it"
                                );
                                return;
                            }
                            var run = await new SelftestRunner(
                                session,
                                EnvironmentVariables,
                                WriteLine,
                                ShowProgress
                            ).RunAsync(selection, lanes, CommandOf(selection), cancellationToken);
                            var folder = await ReportFiles.WriteAsync(TemporaryDirectory, run, CancellationToken.None);
                            if (Json)
                                WriteDocument(SelftestTable.ToJson(run));
                            WriteLine(
                                $"\n{SelftestTable.Summary(run)}\nThe table is in {folder}, as JSON and Markdown."
                            );
                            ReportSummary("Cases", $"{run.Results.Length} run, {run.BrokenCount} broken");
                            ReportSummary("Requests", $"{run.Sent} sent, {run.Failed} failed");
                            cancellationToken.ThrowIfCancellationRequested();
                            if (run.BrokenCount > 0 || run.Missing > 0)
                                throw new TargetFailedException(
                                    $"""
                                    {run.BrokenCount} of {run.Planned} cases broke an invariant{(
                                        run.Missing > 0 ? $", {run.Missing} could not be run" : ""
                                    )}
                                    {string.Join(
                                        "\n",
                                        run.Results.Where(result => !result.Holds).Select(result =>
                                            $"  broken  {result.Case}: {result.Broken[0].Split('\n')[0]}"
                                        )
                                    )}
                                      users   untouched: the application was a throw-away one
                                      next    the evidence is above{(
                                        run.Results.FirstOrDefault(result => !result.Holds) is { } first
                                            ? $"; run one case alone: {first.Case.Rerun}"
                                            : ""
                                    )}
                                    """
                                );
                        },
                        cancellationToken
                    )
                );

    private static Sample? SampleOf(int? size, int? seed, bool quick) =>
        size switch
        {
            null when seed is not null => throw new ConfigurationException(
                "--seed",
                "there is nothing to draw without --sample",
                "Say how many cases: --sample 150."
            ),
            null => null,
            < 1 => throw new ConfigurationException(
                "--sample",
                $"{size} cases are none",
                "Say how many cases: --sample 150."
            ),
            _ when quick => throw new ConfigurationException(
                "--sample",
                "--quick has cases of its own",
                "Use one of the two."
            ),
            { } count => new Sample(count, seed ?? Random.Shared.Next(10_000)),
        };

    private static string CommandOf(Selection selection) =>
        string.Join(
            ' ',
            [
                "./build.sh Selftest",
                .. selection.Quick ? new[] { "--quick" } : [],
                .. selection.Scenarios.IsEmpty
                    ? []
                    : new[] { "--scenarios", string.Join(',', selection.Scenarios.Select(Names.Kebab)) },
                .. selection.Faults.IsEmpty
                    ? []
                    : new[] { "--faults", string.Join(',', selection.Faults.Select(Names.Kebab)) },
                .. selection.Points.IsEmpty ? [] : new[] { "--points", string.Join(',', selection.Points) },
                .. selection.Sample is { } sample ? new[] { $"--sample {sample.Size} --seed {sample.Seed}" } : [],
            ]
        );
}
