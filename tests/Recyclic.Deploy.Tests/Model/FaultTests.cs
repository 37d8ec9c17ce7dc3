namespace Recyclic.Deploy.Tests.Model;

internal sealed class FaultTests
{
    [TestCase("kill@before:StepBegun:3")]
    [TestCase("interrupt@after:Commit:1")]
    [TestCase("interrupt-twice@before:UndoBegun:2")]
    [TestCase("terminate@after:Begin:1")]
    [TestCase("freeze:5@after:StepEnded:12")]
    [TestCase("fail@before:End:1")]
    public void A_fault_is_read_and_written_alike(string text) => Fault.Parse(text)!.ToString().ShouldBe(text);

    [TestCase(null)]
    [TestCase("")]
    public void No_text_is_no_fault(string? text) => Fault.Parse(text).ShouldBeNull();

    [TestCase("kill")]
    [TestCase("kill@")]
    [TestCase("@before:Commit:1")]
    [TestCase("Kill@before:Commit:1")]
    [TestCase("kill:5@before:Commit:1")]
    [TestCase("freeze@before:Commit:1")]
    [TestCase("freeze:0@before:Commit:1")]
    [TestCase("freeze:1e3@before:Commit:1")]
    [TestCase("kill@during:Commit:1")]
    [TestCase("kill@before:commit:1")]
    [TestCase("kill@before:Commit")]
    [TestCase("kill@before:Commit:0")]
    [TestCase("kill@before:Commit:-1")]
    [TestCase("kill@before:Commit:1:1")]
    [TestCase("kill@before:4:1")]
    [TestCase("kill@before:Commit:1@x")]
    [TestCase(" kill@before:Commit:1")]
    public void Anything_else_is_refused_and_the_mend_shows_the_form(string text)
    {
        var problem = Should.Throw<ConfigurationException>(() => Fault.Parse(text)).Problems.Single();
        problem.Place.ShouldBe("RECYCLIC_FAULT_AT");
        problem.What.ShouldContain(text);
        problem.Mend.ShouldContain("kill@before:StepBegun:3");
    }

    [Test]
    public void Each_record_has_a_point_on_either_side_counted_by_its_kind() =>
        FaultPoint
            .Of([JournalKind.Begin, JournalKind.StepBegun, JournalKind.StepEnded, JournalKind.StepBegun])
            .Select(point => $"{point}")
            .ShouldBe([
                "before:Begin:1",
                "after:Begin:1",
                "before:StepBegun:1",
                "after:StepBegun:1",
                "before:StepEnded:1",
                "after:StepEnded:1",
                "before:StepBegun:2",
                "after:StepBegun:2",
            ]);
}
