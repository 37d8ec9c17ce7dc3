using Recyclic.Components.Environments;
using Recyclic.Components.Gates;
using Recyclic.Components.Gates.Adapters;
using Recyclic.Components.Tests.Registry;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests.Gates;

/// <summary>Who had a hand in a release does not approve it, by whatever name.</summary>
[CancelAfter(60_000)]
public sealed class FourEyesTests
{
    private const string Served = "5e12ed005e12ed005e12ed005e12ed005e12ed00";
    private const string Written = "3a110c0a3a110c0a3a110c0a3a110c0a3a110c0a";
    private const string Merged = "c0ffee0c0ffee0c0ffee0c0ffee0c0ffee0c0ffe";
    private const string Compare = $"/compare/{Served}...{Merged}";
    private static readonly DeployEnvironment Production = new("production")
    {
        NeedsApproval = true,
        Gates = [new ApproverGate()],
    };

    [Test]
    public async Task Mallory_wrote_it_and_bob_merged_it_so_mallory_does_not_approve(
        CancellationToken cancellationToken
    )
    {
        await using var gitHub = GitHub("mallory", Commit(Written, "mallory"), Merge("bob"));
        var checklist = await ReadAsync(gitHub, cancellationToken);
        checklist.Holds.ShouldBeFalse();
        Should
            .Throw<ConfigurationException>(() => checklist.Approve("please"))
            .Message.ShouldContain("mallory had a hand in it");
    }

    [TestCase("dora", Description = "who had no hand in it")]
    public async Task Somebody_else_approves(string reviewer, CancellationToken cancellationToken)
    {
        await using var gitHub = GitHub(reviewer, Commit(Written, "mallory"), Merge("bob"));
        var approval = (await ReadAsync(gitHub, cancellationToken)).Approve(null);
        approval.Approver.ShouldBe(reviewer);
        approval.Authors.ShouldBe(["bob", "mallory", "carl", "ann"]);
        approval.Run.ShouldBe("team/shop/actions/runs/77");
    }

    [TestCase("carl")]
    [TestCase("ann")]
    [TestCase("ANN")]
    public async Task Who_started_the_run_or_started_it_again_does_not_approve(
        string reviewer,
        CancellationToken cancellationToken
    )
    {
        await using var gitHub = GitHub(reviewer, Commit(Written, "mallory"), Merge("bob"));
        (await ReadAsync(gitHub, cancellationToken)).Holds.ShouldBeFalse();
    }

    [Test]
    public async Task A_committer_does_not_approve(CancellationToken cancellationToken)
    {
        await using var gitHub = GitHub("dora", Commit(Written, "mallory", committer: "dora"));
        (await ReadAsync(gitHub, cancellationToken)).Holds.ShouldBeFalse();
    }

    [TestCase("eve@shop.example")]
    [TestCase("4711+Eve@users.noreply.github.com")]
    public async Task A_co_author_is_found_by_GitHubs_own_answer_and_does_not_approve(
        string email,
        CancellationToken cancellationToken
    )
    {
        await using var gitHub = GitHub("eve", Commit(Written, "mallory", coAuthor: email))
            .With("author=eve", $"[{Commit(Served, "eve")}]")
            .With("/users/Eve", """{"login":"eve","id":4711}""");
        (await ReadAsync(gitHub, cancellationToken))
            .Results.ShouldHaveSingleItem()
            .Evidence.ShouldContain("eve had a hand in it");
    }

    [TestCase("stranger@shop.example")]
    [TestCase("1+eve@users.noreply.github.com", Description = "the login is somebody else's by now")]
    [TestCase("no address")]
    [TestCase("")]
    public async Task A_co_author_whom_GitHub_does_not_know_lets_nobody_approve(
        string email,
        CancellationToken cancellationToken
    )
    {
        await using var gitHub = GitHub("dora", Commit(Written, "mallory", coAuthor: email))
            .With("author=", "[]")
            .With("/users/eve", """{"login":"eve","id":4711}""");
        var checklist = await ReadAsync(gitHub, cancellationToken);
        Should
            .Throw<ConfigurationException>(() => checklist.Approve("it must go out"))
            .Message.ShouldContain("GitHub knows nobody by the e-mail address");
    }

    [Test]
    public async Task A_program_that_commits_name_is_nobody_by_the_environments_word(
        CancellationToken cancellationToken
    )
    {
        await using var gitHub = GitHub("dora", Commit(Written, "mallory", coAuthor: "robot@shop.example"))
            .With("author=", "[]");
        var environment = Production with { Gates = [new ApproverGate { Programs = ["robot@shop.example"] }] };
        (await ReadAsync(gitHub, cancellationToken, environment)).Holds.ShouldBeTrue();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task GitHubs_own_hand_is_nobodys_only_where_GitHub_has_signed(
        bool isSigned,
        CancellationToken cancellationToken
    )
    {
        await using var gitHub = GitHub("dora", Commit(Written, "mallory"), Merge("bob", isSigned));
        (await ReadAsync(gitHub, cancellationToken)).Holds.ShouldBe(isSigned);
    }

    [Test]
    public async Task A_commit_without_an_account_lets_nobody_approve(CancellationToken cancellationToken)
    {
        await using var gitHub = GitHub("dora", Commit(Written, null, name: new string('x', 10_000)));
        var gate = (await ReadAsync(gitHub, cancellationToken)).Results.ShouldHaveSingleItem();
        gate.Verdict.ShouldBe(GateVerdict.Failed);
        gate.Evidence.ShouldContain("GitHub knows nobody");
        gate.Evidence.Length.ShouldBeLessThan(500);
    }

    [Test]
    public async Task Commits_that_GitHub_leaves_out_are_not_nobodys(CancellationToken cancellationToken)
    {
        await using var gitHub = GitHub("dora", Commit(Written, "bob"))
            .With(Compare, $$"""{"total_commits":2,"commits":[{{Commit(Written, "bob")}}]}""")
            .With("&page=2", """{"total_commits":2,"commits":[]}""");
        (await ReadAsync(gitHub, cancellationToken))
            .Results.ShouldHaveSingleItem()
            .Evidence.ShouldContain("does not name all commits");
    }

    [Test]
    public async Task All_pages_of_commits_count(CancellationToken cancellationToken)
    {
        await using var gitHub = GitHub("dora", Commit(Written, "bob"))
            .With(Compare, $$"""{"total_commits":2,"commits":[{{Commit(Written, "bob")}}]}""")
            .With("&page=2", $$"""{"total_commits":2,"commits":[{{Commit(Merged, "dora")}}]}""");
        (await ReadAsync(gitHub, cancellationToken))
            .Results.ShouldHaveSingleItem()
            .Evidence.ShouldContain("dora had a hand in it");
    }

    [Test]
    public async Task What_serves_and_is_no_commit_here_makes_nobody_known(CancellationToken cancellationToken)
    {
        await using var gitHub = GitHub("dora", Commit(Written, "mallory"));
        var facts = await new GitHubFacts(gitHub.Settings(), new Impatient()).ReadAsync(
            Facts(Production),
            new NewCommits(Merged, null, "v1, which serves, is no commit here, so what is new since is not known"),
            cancellationToken
        );
        Should
            .Throw<ConfigurationException>(() => Checklist.Of(facts).Approve("please"))
            .Message.ShouldContain("v1, which serves, is no commit here");
    }

    [TestCase("mаllory", Description = "with a Cyrillic letter")]
    [TestCase("maIlory")]
    [TestCase("mal1ory")]
    [TestCase("Mallory ")]
    [TestCase("ｍａｌｌｏｒｙ")]
    [TestCase("mállory")]
    [TestCase("rnallory")]
    [TestCase("mallory@laptop")]
    public void A_name_that_looks_like_an_authors_is_the_authors(string approver)
    {
        var checklist = Checklist.Of(Facts(Production) with { Approver = approver, Authors = ["bob", "mallory"] });
        Should.Throw<ConfigurationException>(() => checklist.Approve("please"));
    }

    [TestCase("mal\u200blory")]
    [TestCase("\u202eyrollam")]
    [TestCase("dora\u001b[2J")]
    [TestCase("...")]
    public void A_name_with_what_is_not_seen_names_nobody(string approver) =>
        Should
            .Throw<ConfigurationException>(() =>
                Checklist.Of(Facts(Production) with { Approver = approver, Authors = ["bob"] }).Approve("please")
            )
            .Message.ShouldContain("names nobody");

    [Test]
    public void A_name_of_10_kB_names_nobody_and_fills_no_terminal()
    {
        var refused = Should.Throw<ConfigurationException>(() =>
            Checklist
                .Of(Facts(Production) with { Approver = new string('x', 10_240), Authors = ["bob"] })
                .Approve("please")
        );
        refused.Message.ShouldContain("no name has more than");
        refused.Message.Length.ShouldBeLessThan(1000);
        Hands
            .Of([new WrittenCommit(Merged, new(new string('x', 10_240), "x@y"), new("bob", "bob@y"), "")])
            .Problem.ShouldNotBeNull();
    }

    [TestCase("Co-authored-by: Eve <eve@shop.example>")]
    [TestCase("co-authored-by:Eve<eve@shop.example>")]
    [TestCase("Co-Authored-By: Eve <eve@shop.example>\n\nand then more text")]
    [TestCase("  CO-AUTHORED-BY : Eve <eve@shop.example>")]
    public void A_co_author_is_one_wherever_the_message_names_them(string line) =>
        Hands
            .Of([new WrittenCommit(Merged, new("bob", "bob@y"), new("bob", "bob@y"), $"what it does\n\n{line}\n")])
            .Names.ShouldBe(["bob", "bob@y", "Eve", "eve@shop.example"]);

    private static GateFacts Facts(DeployEnvironment environment) =>
        new(environment, new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero), "c0ffee0", "d1");

    private static async Task<Checklist> ReadAsync(
        LoopbackGitHub gitHub,
        CancellationToken cancellationToken,
        DeployEnvironment? environment = null
    ) =>
        Checklist.Of(
            await new GitHubFacts(gitHub.Settings(), new Impatient()).ReadAsync(
                Facts(environment ?? Production),
                new NewCommits(Merged, Served, null),
                cancellationToken
            )
        );

    /// <summary>A run that carl started and ann has started again.</summary>
    private static LoopbackGitHub GitHub(string reviewer, params string[] commits) =>
        new LoopbackGitHub()
            .With("/runs/77", """{"actor":{"login":"carl"},"triggering_actor":{"login":"ann"}}""")
            .With(Compare, $$"""{"total_commits":{{commits.Length}},"commits":[{{string.Join(',', commits)}}]}""")
            .With(
                "/approvals",
                $$"""[{"state":"approved","user":{"login":"{{reviewer}}"},"environments":[{"name":"production-approval"}]}]"""
            );

    private static string Merge(string author, bool isSigned = true) =>
        LoopbackGitHub.Commit(Merged, author, "web-flow", isSigned: isSigned);

    private static string Commit(
        string hash,
        string? author,
        string? committer = null,
        string? coAuthor = null,
        string? name = null
    ) => LoopbackGitHub.Commit(hash, author, committer, coAuthor, name: name);
}
