using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>The contention test stands on this reading of the journal.</summary>
public sealed class ChainTests
{
    [Test]
    public void Deploys_one_after_another_are_one_chain() =>
        Chain.ShouldBeOne(Journal("a Begin", "a Commit", "a End", "b Begin", "b StepBegun", "b End", "c Begin"));

    [TestCase("a Begin", "b Begin")]
    [TestCase("a Begin", "b Commit")]
    [TestCase("a Begin", "a End", "a Commit")]
    public void Two_at_work_at_once_are_not(params string[] lines) =>
        Should.Throw<Exception>(() => Chain.ShouldBeOne(Journal(lines)));

    private static List<JournalLine> Journal(params string[] lines) =>
        [
            .. lines
                .Select(line => line.Split(' '))
                .Select(word => new JournalLine(default, word[0], word[1], null, null, null, null, null)),
        ];
}
