using Recyclic.Build.Testing;

namespace Recyclic.Deploy.Testing;

/// <summary>Joins builds under test to hosts in memory.</summary>
public static class MemoryHostExtensions
{
    /// <summary>
    /// The build deploys to a host in memory, whatever engine its environments name; called again with another
    /// environment, to that host too. <c>docker</c> succeeds with whatever it is asked to build.
    /// </summary>
    /// <param name="environment">Which of the build's environments it is; default: all of them.</param>
    /// <returns>The same.</returns>
    public static BuildTester On(this BuildTester tester, MemoryHost host, string? environment = null)
    {
        tester.Commands.On("docker", "compose").Returns();
        var configure = tester.Configure;
        tester.Configure = build =>
        {
            build = configure(build);
            var process = build.StandIns.OfType<TestProcess>().Single();
            var source = build.StandIns.OfType<MemorySource>().FirstOrDefault() ?? new MemorySource([]);
            return build with
            {
                StandIns =
                [
                    .. build.StandIns.Except([source]),
                    source with
                    {
                        Commands = source.Commands.Add(
                            (environment, new Lazy<MemoryCommand>(() => host.Begin(process)))
                        ),
                    },
                ],
            };
        };
        return tester;
    }

    /// <summary>The hosts of one run of a build, the last one first; null: whatever the environment is.</summary>
    private sealed record MemorySource(ImmutableArray<(string? Environment, Lazy<MemoryCommand> Command)> Commands)
        : IPlatformSource
    {
        public PlatformConnection Connect(string environment, ComposeSettings settings) =>
            Commands
                .Reverse()
                .FirstOrDefault(command => command.Environment is null || command.Environment == environment)
                .Command?.Value.Connect(settings)
            ?? throw new ConfigurationException(
                $"environment {environment}",
                "the test has no host in memory for it",
                $"Give it one: tester.On(host, \"{environment}\")."
            );
    }
}
