using System.Reflection;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Tests.Steps;

/// <summary>A verb is whole in its own file, and the table of handlers is complete.</summary>
internal sealed class OneVerbOneFileTests
{
    private const BindingFlags Own =
        BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.DeclaredOnly;

    internal static IEnumerable<Type> Verbs() =>
        typeof(DeployStep).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(DeployStep)) && !type.IsAbstract);

    [TestCaseSource(nameof(Verbs))]
    public void Every_verb_has_exactly_one_handler(Type verb)
    {
        var handler = typeof(StepHandler)
            .Assembly.GetTypes()
            .Where(type => type.BaseType == typeof(StepHandler<>).MakeGenericType(verb))
            .ShouldHaveSingleItem();
        handler.Name.ShouldBe($"{verb.Name}Handler");
        StepHandlers.All.For((DeployStep)EveryVerbTests.Create(verb)).ShouldBeOfType(handler);
    }

    [TestCaseSource(nameof(Verbs))]
    public void Record_and_handler_are_in_the_file_of_its_name(Type verb)
    {
        var text = File.ReadAllText(
            Path.Combine(ArchitectureTests.Root, "src", "Recyclic.Deploy", "Steps", $"{verb.Name}.cs")
        );
        Regex.Matches(text, @"\brecord (\w+)").Select(match => match.Groups[1].Value).ShouldBe([verb.Name]);
        Regex.Matches(text, @"\bclass (\w+)").Select(match => match.Groups[1].Value).ShouldBe([$"{verb.Name}Handler"]);
    }

    [TestCaseSource(nameof(Verbs))]
    public void A_test_file_has_its_name(Type verb) =>
        File.Exists(
                Path.Combine(ArchitectureTests.Root, "tests", "Recyclic.Deploy.Tests", "Steps", $"{verb.Name}Tests.cs")
            )
            .ShouldBeTrue();

    /// <summary>What is planned can be printed, compared and kept, and does nothing by itself.</summary>
    [TestCaseSource(nameof(Verbs))]
    public void A_verb_is_data_and_waits_for_nothing(Type verb) =>
        verb.GetMethods(Own).Where(method => typeof(Task).IsAssignableFrom(method.ReturnType)).ShouldBeEmpty();

    [TestCaseSource(nameof(Verbs))]
    public void No_other_file_knows_its_handler(Type verb) =>
        FilesNaming($"{verb.Name}Handler").ShouldBe([$"{verb.Name}.cs"]);

    /// <summary>
    /// A list of verbs would have to grow with each new one. The planners choose among them; the preview shows the
    /// docker commands of those that have some.
    /// </summary>
    [Test]
    public void Only_the_planners_and_the_preview_of_commands_name_more_than_a_few_verbs() =>
        (
            from file in ArchitectureTests.Sources()
            where !file.Contains("/Steps/", StringComparison.Ordinal)
            where Verbs().Count(verb => NamesVerb(file, verb)) > 3
            select Path.GetFileName(file)
        )
            .Order(StringComparer.Ordinal)
            .ShouldBe(["CommandPreview.cs", "DeployPlanner.cs", "RecoveryPlanner.cs"]);

    [TestCase("PlanRunner.cs")]
    [TestCase("StepExecutor.cs")]
    [TestCase("StepHandlers.cs")]
    [TestCase("RunningDeploy.cs")]
    public void What_runs_a_plan_names_no_verb_at_all(string name)
    {
        var file = ArchitectureTests
            .Sources()
            .Single(file => file.EndsWith($"/Running/{name}", StringComparison.Ordinal));
        Verbs().Where(verb => NamesVerb(file, verb)).ShouldBeEmpty();
    }

    [Test]
    public void The_file_that_explains_a_deploy_has_at_most_150_lines() =>
        File.ReadLines(
                ArchitectureTests
                    .Sources()
                    .Single(file => file.EndsWith("/Planning/DeployPlanner.cs", StringComparison.Ordinal))
            )
            .Count()
            .ShouldBeLessThanOrEqualTo(150);

    private static IEnumerable<string?> FilesNaming(string word) =>
        ArchitectureTests.Sources().Where(file => Names(file, $@"\b{word}\b")).Select(Path.GetFileName);

    /// <summary>As a type: `Phase.Watch` and `CommitAsync` are other things.</summary>
    private static bool NamesVerb(string file, Type verb) => Names(file, $@"(?<![.\w]){verb.Name}(?![\w:])");

    /// <summary>In code; comments may speak of anything.</summary>
    private static bool Names(string file, string pattern) =>
        File.ReadLines(file).Any(line => Regex.IsMatch(line.Split("//")[0], pattern));
}
