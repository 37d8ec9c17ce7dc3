using Recyclic.Build.Testing;

namespace Recyclic.Build.Tests.CommandLine;

/// <summary>What follows two dashes is a command's, as it stands, behind a target that takes one.</summary>
[CancelAfter(20_000)]
public sealed class RestTests
{
    private readonly BuildTester _tester = new();

    [Test]
    public async Task A_command_is_handed_on_word_by_word()
    {
        string[] words = ["psql", "-c", "select '1'", "", "--tag", "--", "$HOME", "a b", "Other"];
        var run = await _tester.RunAsync<ConsoleBuild>(["Console", "--name", "x", "--", .. words]);
        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldContain($"[{string.Join('|', words)}] x");
        run.Targets.Select(target => target.Name).ShouldBe(["Console"]);
    }

    [Test]
    public async Task Behind_other_targets_two_dashes_are_followed_by_targets()
    {
        var run = await _tester.RunAsync<ConsoleBuild>("Other", "--", "Console");
        run.Targets.Select(target => target.Name).ShouldBe(["Other", "Console"], ignoreOrder: true);
        run.Error.ShouldContain("[] ");
    }

    [Test]
    public async Task Without_words_there_is_no_command() =>
        (await _tester.RunAsync<ConsoleBuild>("Console", "--")).Error.ShouldContain("[] ");

    [Test]
    public async Task The_output_of_a_target_that_owns_it_has_nothing_of_ours()
    {
        var run = await _tester.RunAsync<ConsoleBuild>("Console", "--", "a");
        run.Output.ShouldBeEmpty();
        run.Error.Trim().ShouldBe("[a]");
        (await _tester.RunAsync<ConsoleBuild>("Other")).Output.ShouldContain("Other");
    }

    [Test]
    public async Task Its_exit_code_is_passed_on_and_said_once()
    {
        var run = await _tester.RunAsync<ConsoleBuild>("Console", "--", "fail");
        run.ExitCode.ShouldBe(42);
        run.Output.ShouldBeEmpty();
        run.Error.Split("it ended with 42").Length.ShouldBe(2);
    }

    public interface IConsole : IRecyclicBuild
    {
        [Parameter("A command", Rest = true)]
        string[]? Words => TryGetValue(() => Words);

        Target Console =>
            _ =>
                _.OwnsOutput()
                    .Executes(() =>
                    {
                        WriteLine($"[{string.Join('|', Words ?? [])}] {((ConsoleBuild)this).Name}");
                        if (Words is ["fail"])
                            throw new TargetFailedException("it ended with 42", 42);
                    });
    }

    public sealed class ConsoleBuild : RecyclicBuild, IConsole
    {
        [Parameter("A name")]
        public string? Name { get; set; }

        public Target Other => _ => _.Executes(() => { });
    }
}
