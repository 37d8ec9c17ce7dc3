using System.Text;
using Recyclic.Processes;

namespace Recyclic.Build.Tests;

public class RedactorTests
{
    private readonly Redactor _redactor = new();

    [TestCase("the password hunter2-hunter2 is long", "the password *** is long")]
    [TestCase("hunter2", "hunter2")]
    [TestCase("nothing", "nothing")]
    public void Only_the_secret_is_masked(string text, string masked)
    {
        _redactor.Add("hunter2-hunter2");
        _redactor.Redact(text).ShouldBe(masked);
    }

    [Test]
    public void Secrets_that_overlap_leave_no_end_to_see()
    {
        _redactor.Add("abcdefgh");
        _redactor.Add("fghijklm");
        _redactor.Redact("<abcdefghijklm>").ShouldBe("<***>");
    }

    [TestCase("user:")]
    [TestCase("me:")]
    [TestCase("x")]
    public void A_secret_inside_base64_is_masked_at_every_offset(string before)
    {
        const string secret = "correct horse battery";
        _redactor.Add(secret);
        var masked = _redactor.Redact(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{before}{secret}!")));
        masked.ShouldContain("***");
        masked.Length.ShouldBeLessThan(before.Length * 2 + 12);
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(8)]
    [TestCase(14)]
    public void A_secret_that_a_line_break_cuts_is_never_told_by_more_than_half(int cut)
    {
        const string secret = "hunter2-hunter2";
        _redactor.Add(secret);
        var lines = new LineRedactor(_redactor);
        var seen = lines.Redact("is " + secret[..cut]) + lines.Redact(secret[cut..] + " ok");
        seen.ShouldEndWith(" ok");
        seen.ShouldContain("***");
        seen.ShouldNotContain(secret[..8]);
        seen.ShouldNotContain(secret[8..] + " ok");
    }

    [Test]
    public void A_secret_wrapped_over_many_lines_is_masked_once_it_is_recognised()
    {
        _redactor.Add(new string([.. Enumerable.Range('A', 60).Select(c => (char)c)]));
        var lines = new LineRedactor(_redactor);
        var seen = string.Concat(
            Enumerable
                .Range(0, 6)
                .Select(i =>
                    lines.Redact(new string([.. Enumerable.Range('A' + i * 10, 10).Select(c => (char)c)])) + "\n"
                )
        );
        seen.Replace("***\n", "").Length.ShouldBeLessThan(30);
    }

    [Test]
    public void The_beginning_of_a_line_is_shown_as_far_as_it_is_no_secret()
    {
        _redactor.Add("hunter2-password");
        _redactor.SafeLength("Really? [y/N] ").ShouldBe(14);
        _redactor.SafeLength("key=hunt").ShouldBe(4);
        _redactor.SafeLength("key=hunter2-password").ShouldBe(20);
    }
}
