using Recyclic.Workflows.Rehearsal;

namespace Recyclic.Workflows.Tests;

public class ExpressionTests
{
    [TestCase("${{ secrets.KEY }}", "s3cret")]
    [TestCase("nuget-${{ runner.os }}-${{ hashFiles('**/x', 'y''z') }}", "nuget-Linux-**/x|y'z")]
    [TestCase("${{ secrets.MISSING }}", "")]
    [TestCase("${{ secrets.MISSING || 'other' }}", "other")]
    [TestCase("${{ 1 == 1 && !false }}", "true")]
    [TestCase("${{ (false || true) && 'a' != 'b' }}", "true")]
    [TestCase("${{ 'A' == 'a' }}", "true")]
    [TestCase("${{ 2 < 10 && 10 >= 10 }}", "true")]
    [TestCase("${{ '2' < '10' }}", "false")]
    [TestCase("${{ 'text' > 1 }}", "false")]
    [TestCase(
        "${{ contains('Hello World', 'world') && startsWith(runner.os, 'lin') && !endsWith('a.txt', '.md') }}",
        "true"
    )]
    [TestCase("no expression", "no expression")]
    public void An_expression_has_its_value(string text, string value) =>
        Expression.Fill(text, Context(success: true)).ShouldBe(value);

    [TestCase("${{ a b }}")]
    [TestCase("${{ 'open }}")]
    [TestCase("${{ (a }}")]
    [TestCase("${{ github.event.*.x }}")]
    [TestCase("${{ unknown() }}")]
    [TestCase("${{ a[0] }}")]
    [TestCase("${{ }}")]
    public void What_is_not_understood_is_an_error_and_no_guess(string text) =>
        Should.Throw<FormatException>(() => Expression.Fill(text, Context(success: true)));

    [TestCase("success()", true, true)]
    [TestCase("${{ failure() || cancelled() }}", true, false)]
    [TestCase("failure() || cancelled()", false, true)]
    [TestCase("'yes' == 'yes'", false, false)]
    [TestCase("${{ !cancelled() }}", false, true)]
    [TestCase("always()", false, true)]
    public void A_condition_that_asks_for_no_status_holds_only_after_successes(
        string condition,
        bool success,
        bool holds
    ) => Expression.Holds(condition, Context(success)).ShouldBe(holds);

    private static ExpressionContext Context(bool success) =>
        new(
            path =>
                path switch
                {
                    "secrets.KEY" => "s3cret",
                    "runner.os" => "Linux",
                    _ => null,
                },
            (name, arguments) =>
                name switch
                {
                    "success" => success,
                    "failure" => !success,
                    "cancelled" => false,
                    "always" => true,
                    "hashFiles" => string.Join('|', arguments),
                    _ => throw new FormatException(name),
                }
        );
}
