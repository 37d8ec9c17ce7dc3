using System.Linq.Expressions;
using Recyclic.Build.Definition;

namespace Recyclic.Build.Tests.Definition;

/// <summary>A condition is told as it was written.</summary>
public class RequirementTextTests
{
    private readonly string[] _allowed = ["eu", "us"];

    private static string[] Everywhere => ["eu"];

    private string Region { get; } = "eu";
    private int Count { get; } = 2;
    private Stage Where { get; } = Stage.Local;
    private Stage? Perhaps { get; } = Stage.Local;
    private List<string> Names { get; } = ["a"];

    [Test]
    public void An_expression_is_told_as_in_the_source()
    {
        var limit = 3;
        Text(() => Count > 3).ShouldBe("Count > 3");
        Text(() => Count > limit && !(Count == 4)).ShouldBe("(Count > limit) && !(Count == 4)");
        Text(() => Where == Stage.Staging).ShouldBe("Where == Stage.Staging");
        Text(() => Stage.Staging != Perhaps).ShouldBe("Stage.Staging != Perhaps");
        Text(() => _allowed.Contains(Region)).ShouldBe("_allowed.Contains(Region)");
        Text(() => Names.Contains("a") || Names[0] == "b").ShouldBe("Names.Contains(\"a\") || (Names[0] == \"b\")");
        Text(() => !string.IsNullOrEmpty(Region)).ShouldBe("!string.IsNullOrEmpty(Region)");
        Text(() => Names.Any(name => name.Length == 1)).ShouldBe("Names.Any(name => name.Length == 1)");
        Text(() => _allowed.Length == 2 && _allowed[0] != null)
            .ShouldBe("(_allowed.Length == 2) && (_allowed[0] != null)");
    }

    [Test]
    public void A_condition_on_an_array_is_read_though_it_is_one_on_a_span()
    {
        new Requirement((Expression<Func<bool>>)(() => _allowed.Contains(Region))).IsMet().ShouldBeTrue();
        new Requirement((Expression<Func<bool>>)(() => _allowed.Contains("asia"))).IsMet().ShouldBeFalse();
        new Requirement((Expression<Func<bool>>)(() => Everywhere.Contains(Region))).IsMet().ShouldBeTrue();
    }

    private static string Text(Expression<Func<bool>> condition) => new Requirement(condition).Text();
}
