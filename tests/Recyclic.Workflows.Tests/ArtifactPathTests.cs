using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Workflows.Generation;

namespace Recyclic.Workflows.Tests;

/// <summary>Files are named as this machine sees them, and carried as every machine has them.</summary>
public class ArtifactPathTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task A_path_below_the_root_is_relative_to_the_repository(bool isListed)
    {
        var (file, error) = await GenerateAsync(isListed, b => [b.Pack, b.Push]);
        error.ShouldBeEmpty();
        file.ShouldContain("          name: pack\n          path: output/*.nupkg\n");
        file.ShouldContain("          path: output\n");
        file.ShouldContain("            output/part/*.zip\n            output/*.log\n");
        file.ShouldNotContain("/nowhere");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_path_outside_of_the_repository_is_refused(bool isListed)
    {
        var (_, error) = await GenerateAsync(isListed, b => [b.Elsewhere]);
        error.ShouldContain(
            "workflow w: target Elsewhere names the files '/srv/*.nupkg': give them below the root of the repository, as in RootDirectory / \"output\" / \"*.nupkg\" or \"output/*.nupkg\", without '..'"
        );
    }

    [Test]
    public async Task A_name_that_no_artifact_can_hold_is_refused()
    {
        var (_, error) = await GenerateAsync(true, b => [b.Odd]);
        error.ShouldContain(
            "target Odd names the files 'output/10:30.log', which no artifact can hold: leave out \" : < > | and line ends"
        );
    }

    private static async Task<(string File, string Error)> GenerateAsync(
        bool isListed,
        Func<Paths, TargetReference[]> targets
    )
    {
        var (file, error) = ("", "");
        Paths.Use.Value = build =>
        {
            var asked = targets(build);
            var placed = isListed ? asked : asked[1..];
            try
            {
                file = WorkflowFile
                    .Of(
                        [
                            new("w")
                            {
                                On = [Trigger.Push()],
                                Targets = [.. asked],
                                Places = [.. placed.Select(target => new Place(target))],
                            },
                        ],
                        build.Graph,
                        build.NameOf
                    )[0]
                    .Text;
            }
            catch (TargetFailedException exception)
            {
                error = exception.Message;
            }
        };
        (await new BuildTester().RunAsync<Paths>("Look")).ExitCode.ShouldBe(0);
        return (file, error);
    }

    private sealed class Paths : RecyclicBuild
    {
        public static AsyncLocal<Action<Paths>> Use { get; } = new();

        private static AbsolutePath Output => RootDirectory / "output";

        public Target Pack => _ => _.Produces(Output / "*.nupkg").Executes(() => { });
        public Target Push =>
            _ =>
                _.DependsOn(Pack)
                    .Consumes(Pack)
                    .Produces(Output / "part" / "*.zip", "output/*.log")
                    .Executes(() => { });
        public Target Elsewhere => _ => _.Produces((AbsolutePath)"/srv" / "*.nupkg").Executes(() => { });
        public Target Odd => _ => _.Produces("output/10:30.log").Executes(() => { });
        public Target Look => _ => _.Executes(() => Use.Value!(this));
    }
}
