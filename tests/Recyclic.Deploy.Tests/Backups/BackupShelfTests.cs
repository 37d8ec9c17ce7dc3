using Recyclic.Deploy.Backups;

namespace Recyclic.Deploy.Tests.Backups;

/// <summary>Backups are named, kept and compared by pure rules.</summary>
internal sealed class BackupShelfTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [TestCase("orders", "shop-orders-20260302T120000Z.dump")]
    [TestCase("../../etc", "shop-______etc-20260302T120000Z.dump")]
    [TestCase("", "shop-database-20260302T120000Z.dump")]
    public void A_name_says_whose_and_when_and_is_a_name_in_any_folder(string database, string name)
    {
        BackupShelf.NameOf("shop", database, Noon, encrypted: false).ShouldBe(name);
        BackupShelf.IsName(name).ShouldBeTrue();
        BackupShelf.IsName(BackupShelf.NameOf("shop", database, Noon, encrypted: true)).ShouldBeTrue();
    }

    [TestCase("")]
    [TestCase(".hidden.dump")]
    [TestCase("../up.dump")]
    [TestCase("/etc/passwd")]
    [TestCase("notes.txt")]
    public void A_path_or_another_file_is_no_backup(string name) => BackupShelf.IsName(name).ShouldBeFalse();

    [Test]
    public void The_newest_good_ones_stay_and_all_that_are_older_go()
    {
        BackupRecord[] all = [Of(0), Of(1), Of(2, good: false), Of(3), Of(4, good: false), Of(5)];
        BackupShelf.Surplus(all, all[0], 3).Select(backup => backup.At).ShouldBe([all[4].At, all[5].At]);
        BackupShelf.Surplus(all, all[0], 4).ShouldBeEmpty();
        BackupShelf.Surplus(all, all[0], 9).ShouldBeEmpty();
    }

    [Test]
    public void Those_of_other_databases_environments_and_applications_are_left()
    {
        var newest = Of(0);
        BackupRecord[] all =
        [
            newest,
            Of(1) with
            {
                App = "other",
            },
            Of(2) with
            {
                Environment = "staging",
            },
            Of(3) with
            {
                Service = "other",
            },
            Of(4) with
            {
                Facts = newest.Facts with { Database = "other" },
            },
        ];
        BackupShelf.Surplus(all, newest, 1).ShouldBeEmpty();
    }

    [Test]
    public void A_record_is_read_as_it_was_written()
    {
        var record = Of(1) with { Hmac = "00ff" };
        var read = BackupRecord.FromJson(record.ToJson()).ShouldNotBeNull();
        read.ToJson().ShouldBe(record.ToJson());
        read.IsEncrypted.ShouldBeTrue();
        read.Facts.Tables.ShouldBe(record.Facts.Tables);
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{\"version\":2}")]
    [TestCase("{\"name\":\"a.dump\",\"app\":\"a\",\"service\":\"s\",\"sha256\":\"\",\"facts\":{}}")]
    public void What_is_no_record_of_ours_is_none(string text) => BackupRecord.FromJson(text).ShouldBeNull();

    [Test]
    public void A_copy_with_the_same_tables_is_the_same()
    {
        var tables = Of(0).Facts.Tables;
        TableDigests.Differences(tables, [.. tables.Reverse()]).ShouldBeEmpty();
    }

    [Test]
    public void Each_difference_is_named()
    {
        TableDigest[] original = [new("public", "a", 3, "1"), new("public", "b", 2, "1"), new("public", "c", 1, "1")];
        TableDigest[] copy = [new("public", "a", 2, "1"), new("public", "b", 2, "2"), new("public", "d", 1, "1")];
        TableDigests
            .Differences(original, copy)
            .ShouldBe([
                "the table public.a has 2 rows instead of 3",
                "the table public.b has the 2 rows, but not with the same content",
                "the table public.c is missing: it had 1 rows",
                "the table public.d was not in the database",
            ]);
    }

    [TestCase("postgres:15", true)]
    [TestCase("recyclic/postgres:15", true)]
    [TestCase("registry.example:5000/team/postgis@sha256:00", true)]
    [TestCase("timescale/timescaledb-ha:pg16", true)]
    [TestCase("team/postgres-exporter:1", false)]
    [TestCase("mysql:8", false)]
    [TestCase("", false)]
    public void PostgreSQL_is_known_by_the_name_of_its_image(string image, bool isPostgres) =>
        DatabaseChoice.IsPostgres(image).ShouldBe(isPostgres);

    [Test]
    public void Names_are_quoted_as_SQL_has_them()
    {
        SnapshotSql.Name("a\"b").ShouldBe("\"a\"\"b\"");
        SnapshotSql.Text("it's").ShouldBe("'it''s'");
        SnapshotSql
            .Drop("x\"; DROP DATABASE y; --")
            .ShouldBe("DROP DATABASE IF EXISTS \"x\"\"; DROP DATABASE y; --\";\n");
    }

    [Test]
    public void An_answer_of_psql_is_a_line_of_JSON()
    {
        SnapshotSql.ReadTable("""["public", "odd\nname", 3, "-12"]""").ShouldBe(new("public", "odd\nname", 3, "-12"));
        Should.Throw<FormatException>(() => SnapshotSql.ReadTable("NOTICE: something"));
        Should.Throw<FormatException>(() => SnapshotSql.ReadFacts("app", "ERROR"));
        SnapshotSql
            .ReadFacts(
                "app",
                """{"server":"15.5","encoding":"UTF8","collation":"C","characterType":"C","bytes":7,"roles":["ann"]}"""
            )
            .Roles.ShouldBe(["ann"]);
    }

    private static BackupRecord Of(int hours, bool good = true)
    {
        var at = Noon.AddHours(-hours);
        return new(
            BackupShelf.NameOf("shop", "app", at, encrypted: false),
            "shop",
            "local",
            "db",
            at,
            1,
            10,
            "ab",
            new(
                "app",
                "15",
                "UTF8",
                "C",
                "C",
                100,
                ["postgres"],
                [new("public", "a", 2, "5"), new("public", "b", 0, "0")]
            )
        )
        {
            CheckedAt = good ? at : null,
        };
    }
}
