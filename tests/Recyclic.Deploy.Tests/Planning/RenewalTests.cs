namespace Recyclic.Deploy.Tests.Planning;

/// <summary>When a certificate is obtained, and what it means that it was not.</summary>
internal sealed class RenewalTests
{
    private static readonly AcmeCertificate Wanted = new("shop.test", "https://ca.test/dir", null, null);

    [TestCase(90, 31, null)]
    [TestCase(90, 30, null)]
    [TestCase(90, 29, RenewalReason.Ending)]
    [TestCase(6, 2, null)]
    [TestCase(6, 1, RenewalReason.Ending)]
    [TestCase(90, 0, RenewalReason.Expired)]
    [TestCase(90, -1, RenewalReason.Expired)]
    public void Its_time_has_come_when_less_than_a_third_of_its_life_is_left(
        int life,
        int left,
        RenewalReason? expected
    ) => Reason(Obtained(life, left)).ShouldBe(expected);

    [Test]
    public void What_is_not_there_or_was_made_here_is_obtained_at_any_time()
    {
        Reason(null).ShouldBe(RenewalReason.Missing);
        Reason(Obtained(365, 300) with { Origin = CertificateOrigin.SelfSigned }).ShouldBe(RenewalReason.Missing);
        Renewal.Due([Wanted], [], null).ShouldHaveSingleItem().Reason.ShouldBe(RenewalReason.Missing);
        Renewal.Due([Wanted], [Obtained(90, -1)], null).ShouldBeEmpty("nobody knows the time");
    }

    [Test]
    public void One_that_is_missing_keeps_no_release_back_and_is_a_failure_where_it_was_asked_for()
    {
        var renewal = new Renewal(Wanted, RenewalReason.Missing, null);
        AcmeFailure.Of(renewal, new("dns", "no such host"), Given.Noon, isAsked: false).IsFatal.ShouldBeFalse();
        var asked = AcmeFailure.Of(renewal, new("dns", "no such host"), Given.Noon, isAsked: true);
        asked.IsFatal.ShouldBeTrue();
        asked
            .ToString()
            .ShouldBe(
                "no certificate for shop.test was obtained: ca.test does not find shop.test in the DNS. Until there is one, browsers warn of the edge's, which is self-signed. Let an A or AAAA record of shop.test lead to this host, or mend the name; then: ./build.sh Certificates --renew (asked: https://ca.test/dir; its answer: dns: no such host)"
            );
    }

    [Test]
    public void One_that_is_valid_is_a_warning_with_its_days_and_one_that_has_expired_a_failure()
    {
        var valid = AcmeFailure.Of(
            new(Wanted, RenewalReason.Ending, Obtained(90, 20)),
            new("rateLimited", "too many"),
            Given.Noon,
            isAsked: true
        );
        (valid.IsFatal, valid.What.EndsWith("20 days", StringComparison.Ordinal)).ShouldBe((false, true), valid.What);
        var expired = AcmeFailure.Of(
            new(Wanted, RenewalReason.Expired, Obtained(90, -1)),
            new("connection", "timeout"),
            Given.Noon,
            isAsked: false
        );
        expired.IsFatal.ShouldBeTrue();
        expired.What.ShouldContain("the certificate for shop.test expired on ");
        expired.Evidence.ShouldBe(["asked: https://ca.test/dir", "its answer: connection: timeout"]);
    }

    [Test]
    public void Each_answer_says_what_to_do()
    {
        string[] types =
        [
            "rateLimited",
            "dns",
            "connection",
            "tls",
            "unauthorized",
            "caa",
            "rejectedIdentifier",
            "externalAccountRequired",
            "invalidContact",
            "userActionRequired",
            "serverInternal",
            AcmeProblem.Unreachable,
            AcmeProblem.Untrusted,
            AcmeProblem.NotAcme,
            AcmeProblem.TooLate,
            AcmeProblem.NoClient,
            "somethingNew",
        ];
        var said = types
            .Select(type =>
                AcmeFailure.Of(new(Wanted, RenewalReason.Missing, null), new(type, ""), Given.Noon, isAsked: false)
            )
            .ToList();
        said.Select(failure => failure.What)
            .Distinct()
            .Count()
            .ShouldBe(types.Length - 1, "connection and tls are the same");
        said.ShouldAllBe(failure =>
            failure.Mend.EndsWith("; then: ./build.sh Certificates --renew", StringComparison.Ordinal)
        );
    }

    [Test]
    public void A_state_survives_the_records_of_the_host()
    {
        var state = Obtained(90, 20) with { Origin = CertificateOrigin.SelfSigned };
        CertificateState.Parse(state.Name, state.ToWord()).ShouldBe(state);
        CertificateState
            .Parse("acme-0123456789ab", "fedc:1790000000:shop.test")!
            .ShouldSatisfyAllConditions(
                old => old.Origin.ShouldBe(CertificateOrigin.Given),
                old => old.NotBefore.ShouldBeNull()
            );
    }

    internal static CertificateState Obtained(int life, int left) =>
        new(Wanted.Name, "fedc", Given.Noon.AddDays(left), ["shop.test"])
        {
            NotBefore = Given.Noon.AddDays(left - life),
            Origin = CertificateOrigin.Obtained,
        };

    private static RenewalReason? Reason(CertificateState? there) =>
        Renewal.Due([Wanted], there is null ? [] : [there], Given.Noon).SingleOrDefault()?.Reason;
}
