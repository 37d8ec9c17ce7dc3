using Recyclic.Build;
using Recyclic.Components.Reports;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests;

[TestFixture]
public sealed class DigestProofTests
{
    private static readonly Snapshot Now = Snapshot.Empty("shop") with
    {
        Share = 0,
        Journal = new Journal([
            new JournalRecord(Outcomes.Start, "1", JournalKind.Commit)
            {
                Release = Outcomes.Release("old1234"),
                Slot = Slot.Blue,
            },
        ]),
    };

    [TestCase(Outcome.Cancelled)]
    [TestCase(Outcome.Undone)]
    [TestCase(Outcome.Failed)]
    public void A_rollback_that_did_not_succeed_claims_nothing_that_could_be_proved(Outcome end) =>
        DigestProof
            .Of(Outcomes.Of(end, Operation.Rollback, cause: new OperationCanceledException()) with { After = Now })
            .ShouldBeNull();

    [Test]
    public void What_could_not_be_read_proves_nothing() =>
        DigestProof.Of(Outcomes.Of(Outcome.Success, Operation.Rollback)).ShouldBeNull();

    [Test]
    public void A_release_that_does_not_run_is_no_proof()
    {
        var thrown = Should.Throw<TargetFailedException>(() =>
            DigestProof.Of(Outcomes.Of(Outcome.Success, Operation.Rollback) with { After = Now })
        );
        thrown.ExitCode.ShouldBe(3);
        thrown.Message.ShouldContain("api does not run");
    }
}
