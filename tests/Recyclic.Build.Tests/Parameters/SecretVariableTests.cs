using Recyclic.Build.Tooling;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests.Parameters;

/// <summary>
/// A secret is in the environment of the build, and of no program that it runs but those that it is given to.
/// </summary>
[CancelAfter(20_000)]
public class SecretVariableTests
{
    [TestCase("Run")]
    [TestCase("Start")]
    [TestCase("Stream")]
    public async Task A_program_inherits_no_variable_that_holds_a_secret(string target)
    {
        using var host = new TestHost();
        host.Environment["API_KEY"] = "s3cret-value";
        host.Commands.OnAny();
        var run = await host.RunAsync<Keys>(target);
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        host.Commands.Ran.Single()
            .Withheld.ShouldBe(
                ["RECYCLIC_API_KEY", "API_KEY", "NUGET_KEY", "RECYCLIC_API_KEY_FILE", "API_KEY_FILE"],
                ignoreOrder: true
            );
    }

    [Test]
    public async Task A_command_gives_it_by_its_name()
    {
        using var host = new TestHost();
        host.Environment["API_KEY"] = "s3cret-value";
        host.Commands.OnAny();
        await host.RunAsync<Keys>("Give");
        host.Commands.Ran.Single().Environment.ShouldBe([KeyValuePair.Create("API_KEY", "s3cret-value")]);
    }

    public class Keys : RecyclicBuild
    {
        [Parameter(EnvironmentVariable = "NUGET_KEY"), Secret]
        public string? ApiKey { get; set; }

        [Parameter]
        public string? Feed { get; set; }

        public Target Run =>
            _ => _.Executes(async token => await CommandRunner.RunAsync(Command.Of("dotnet", "build"), token));
        public Target Start =>
            _ => _.Executes(() => ProcessTasks.StartProcess("dotnet", $"build").AssertZeroExitCode());
        public Target Stream =>
            _ =>
                _.Executes(async () =>
                {
                    await using var program = CommandRunner.Start(Command.Of("dotnet", "build"));
                    await program.Ended;
                });
        public Target Give =>
            _ =>
                _.Executes(() =>
                    ProcessTasks
                        .StartProcess(
                            "dotnet",
                            $"push",
                            environmentVariables: new Dictionary<string, string> { ["API_KEY"] = ApiKey! }
                        )
                        .AssertZeroExitCode()
                );
    }
}
