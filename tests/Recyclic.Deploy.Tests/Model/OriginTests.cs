namespace Recyclic.Deploy.Tests.Model;

internal sealed class OriginTests
{
    private static readonly Origin Laptop = new("laptop", "/home/ann/shop", ["docker-compose.yml"]);
    private static readonly Origin Cloned = Laptop with { Repository = "git.example/team/shop", FirstCommit = "aaa" };
    private static readonly Origin Run = new("runner-1", "/builds/17/shop", ["docker-compose.yml"])
    {
        Repository = "git.example/team/shop",
        Passing = true,
    };

    public static IEnumerable<TestCaseData> Changes =>
        [
            Case("the same folder", Laptop, Laptop, OriginChange.None),
            Case("nothing known of before", Laptop, null, OriginChange.None),
            Case("another folder", Laptop with { Folder = "/home/ann/copy" }, Laptop, OriginChange.Place),
            Case("the same folder of another machine", Laptop with { Host = "desk" }, Laptop, OriginChange.Place),
            Case("another file", Laptop with { Files = ["prod.yml"] }, Laptop, OriginChange.Files),
            Case(
                "one file more",
                Laptop with
                {
                    Files = ["docker-compose.yml", "prod.yml"],
                },
                Laptop,
                OriginChange.Files
            ),
            Case(
                "another order",
                Laptop with
                {
                    Files = ["b.yml", "a.yml"],
                },
                Laptop with
                {
                    Files = ["a.yml", "b.yml"],
                },
                OriginChange.Files
            ),
            Case(
                "another clone on another machine",
                Cloned with
                {
                    Host = "desk",
                    Folder = "/src/shop",
                },
                Cloned,
                OriginChange.None
            ),
            Case("a renamed folder", Cloned with { Folder = "/home/ann/store" }, Cloned, OriginChange.None),
            Case("a CI run after a laptop", Run, Cloned, OriginChange.None),
            Case("a laptop after a CI run", Cloned, Run, OriginChange.None),
            Case(
                "a CI run in another workspace",
                Run with
                {
                    Host = "runner-2",
                    Folder = "/builds/18/shop",
                },
                Run,
                OriginChange.None
            ),
            Case(
                "a CI run without a repository",
                Run with
                {
                    Repository = null,
                    Folder = "/builds/18",
                },
                Run with
                {
                    Repository = null,
                },
                OriginChange.None
            ),
            Case(
                "a CI run of another repository",
                Run with
                {
                    Repository = "git.example/team/other",
                },
                Run,
                OriginChange.Place
            ),
            Case(
                "another application of the repository",
                Cloned with
                {
                    Files = ["b/docker-compose.yml"],
                },
                Cloned with
                {
                    Files = ["a/docker-compose.yml"],
                },
                OriginChange.Files
            ),
            Case("a repository that moved", Cloned with { Repository = "new.example/shop" }, Cloned, OriginChange.None),
            Case("a history that was written anew", Cloned with { FirstCommit = "bbb" }, Cloned, OriginChange.None),
            Case(
                "another repository",
                Cloned with
                {
                    Repository = "git.example/team/other",
                    FirstCommit = "bbb",
                },
                Cloned,
                OriginChange.Place
            ),
            Case(
                "a folder that became a repository",
                Cloned with
                {
                    Files = ["apps/shop/docker-compose.yml"],
                },
                Laptop,
                OriginChange.None
            ),
            Case("a record that lacks its files", Laptop, Laptop with { Files = default }, OriginChange.Files),
        ];

    [TestCaseSource(nameof(Changes))]
    public void A_repository_tells_applications_apart_and_without_one_the_folder_does(
        Origin now,
        Origin? last,
        OriginChange expected
    ) => now.ChangeFrom(last).ShouldBe(expected);

    [TestCase("git@git.example:team/shop.git", "git.example/team/shop")]
    [TestCase("https://git.example/team/shop", "git.example/team/shop")]
    [TestCase("https://x-token:s3cret@Git.Example/team/shop.git/", "git.example/team/shop")]
    [TestCase("ssh://git@git.example:2222/team/shop.git", "git.example/team/shop")]
    [TestCase("/srv/git/shop.git", null)]
    [TestCase("../shop", null)]
    [TestCase("file:///srv/git/shop.git", null)]
    [TestCase(@"C:\git\shop", null)]
    [TestCase("", null)]
    [TestCase(null, null)]
    public void An_address_of_a_repository_is_told_without_its_secrets_in_one_form(string? address, string? expected) =>
        Origin.RepositoryOf(address).ShouldBe(expected);

    [Test]
    public void The_first_deploy_of_a_new_name_is_told_of_the_application_of_its_folder()
    {
        var identity = new ApplicationIdentity(
            "store",
            ["/home/ann/shop/docker-compose.yml"],
            "local",
            "unix:///x.sock"
        )
        {
            Origin = Laptop,
        };
        OriginCheck
            .Renamed(
                identity,
                [
                    new("shop", "local", Laptop),
                    new("other", "local", Laptop with { Folder = "/elsewhere" }),
                    new("old", "local", null),
                    new("production", "production", Laptop),
                ]
            )
            .ShouldBe(
                "store is new to this host, but an application shop of this folder runs here; its data stay with it, and store begins with none"
            );
        OriginCheck
            .Renamed(
                identity with
                {
                    Origin = Run with { Repository = null },
                },
                [new("shop", "local", Run with { Repository = null })]
            )
            .ShouldBeNull("two CI runs of no known repository may be anything");
    }

    [Test]
    public void It_survives_the_journey_through_the_journal_and_a_rollback_does_not_move_it()
    {
        var begin = new JournalRecord(Given.Noon, "1", JournalKind.Begin) { Origin = Cloned };
        var journal = Journal.Parse([
            begin.ToJson(),
            (begin with { Deploy = "2", Origin = null, Operation = Operation.Rollback }).ToJson(),
        ]);
        journal.Records[0].ShouldBe(begin);
        journal.Origin.ShouldBe(Cloned);
    }

    private static TestCaseData Case(string name, Origin now, Origin? last, OriginChange expected) =>
        new TestCaseData(now, last, expected).SetArgDisplayNames(name);
}
