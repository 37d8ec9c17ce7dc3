using System.Text.Json.Nodes;
using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Components.Gates.Adapters;
using Recyclic.Deploy.Testing;

namespace Recyclic.Components.Tests.Backups;

/// <summary>Backups as a person makes, lists and restores them, on a host in memory.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(60_000)]
public sealed class BackupTests : IDisposable
{
    private const string Key = "correct horse battery staple";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("recyclic-backups-");
    private readonly MemoryHost _host = new(
        MemoryApplication.FromJson(
            """
            {
              "name": "shop",
              "services": {
                "api": { "image": "shop/api:${TAG}", "ports": [{ "target": 8000, "published": "8000", "protocol": "tcp" }] },
                "db": { "image": "postgres:16" },
                "migrate": { "image": "shop/api:${TAG}", "x-recyclic": { "migration": "expand" } },
                "cache": { "image": "redis:7" }
              }
            }
            """
        )
    );
    private readonly BuildTester _tester;

    public BackupTests()
    {
        _tester = new BuildTester { RootDirectory = _root.FullName }.On(_host);
        _host.Table("db", "orders", ["1 tea", "2 milk"]).Table("db", "people", ["ann"]);
    }

    private string Folder => Path.Combine(_root.FullName, ".recyclic", "backups");

    private string[] Files => [.. Directory.GetFiles(Folder).Select(Path.GetFileName).OfType<string>().Order()];

    private string Dump => Files.Single(file => file.EndsWith(".dump") || file.EndsWith(".dump.enc"));

    public void Dispose() => _root.Delete(recursive: true);

    [Test]
    public async Task A_backup_is_a_file_for_its_owner_alone_with_a_record_and_git_ignores_it()
    {
        var run = await RunAsync("Backup");
        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldContain("checked  restored in a server of its own");
        Files.ShouldBe([".gitignore", ".lock", Dump, $"{Dump}.json"]);
        File.ReadAllLines(Path.Combine(Folder, ".gitignore")).ShouldContain("*");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(Folder, Dump)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Test]
    public async Task Backups_lists_it_and_says_so_to_machines_too()
    {
        (await RunAsync("Backups")).Output.ShouldContain("There are no backups in");
        await RunAsync("Backup");
        (await RunAsync("Backups")).Output.ShouldContain("local db/app  2 tables, 3 rows  checked");
        var one = JsonNode.Parse((await RunAsync("Backups", "--json")).Output)!.AsArray().Single()!;
        ((string?)one["name"]).ShouldBe(Dump);
        ((int)one["rows"]!).ShouldBe(3);
        one["checkedAt"].ShouldNotBeNull();
    }

    [TestCase(BackupFault.DumpFails, "pg_dump of app failed: the connection was lost")]
    [TestCase(BackupFault.CopyLacksRows, "the table public.orders has 0 rows instead of 2")]
    public async Task What_fails_keeps_nothing_and_says_so(BackupFault fault, string why)
    {
        var run = await RunAsync(fault, "Backup");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain(why);
        run.Output.ShouldContain("nothing of it; there is no backup before it");
        Files.ShouldBe([".gitignore", ".lock"]);
    }

    [Test]
    public async Task A_failure_leaves_the_backups_before_as_they_were()
    {
        await RunAsync("Backup");
        var before = Files;
        (await RunAsync(BackupFault.CopyLacksRows, "Backup", "--keep-backups", "1")).ExitCode.ShouldBe(1);
        Files.ShouldBe(before);
    }

    [Test]
    public async Task What_a_killed_one_left_is_removed_by_the_next()
    {
        await RunAsync("Backup");
        File.WriteAllText(Path.Combine(Folder, ".shop-app-20260101T000000Z.dump.unfinished"), "half");
        await RunAsync("Backup");
        Files.ShouldNotContain(file => file.EndsWith(".unfinished"));
    }

    [Test]
    public async Task Only_so_many_are_kept()
    {
        for (var number = 0; number < 4; number++)
            (await RunAsync("Backup", "--keep-backups", "2")).ExitCode.ShouldBe(0);
        Files.Count(file => file.EndsWith(".dump")).ShouldBe(2);
        Files.Count(file => file.EndsWith(".json")).ShouldBe(2);
    }

    [Test]
    public async Task A_dry_run_says_what_and_where_and_makes_nothing()
    {
        var run = await RunAsync("Backup", "--dry-run");
        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldContain("Would back up db/app to");
        Directory.Exists(Folder).ShouldBeFalse();
    }

    [TestCase("--keep-backups 0", "0 keeps none")]
    [TestCase("--backup-service nobody", "there is no service nobody")]
    [TestCase("--backup-service api", "api belongs to the release")]
    [TestCase("--database host=elsewhere", "cannot be the name of a database")]
    [TestCase("--backup-key short", "at least 20 characters")]
    public async Task Bad_input_is_refused_with_2_and_makes_nothing(string options, string why)
    {
        var run = await RunAsync(["Backup", .. options.Split(' ')]);
        run.ExitCode.ShouldBe(2, run.Output);
        run.Output.ShouldContain(why);
        Directory.Exists(Folder).ShouldBeFalse();
    }

    [Test]
    public async Task With_a_key_nothing_of_the_data_is_in_the_file_and_the_key_is_in_no_output()
    {
        var run = await RunAsync("Backup", "--backup-key", Key);
        run.ExitCode.ShouldBe(0, run.Output);
        run.Output.ShouldNotContain(Key);
        Dump.ShouldEndWith(".dump.enc");
        File.ReadAllText(Path.Combine(Folder, Dump)).ShouldNotContain("tea");
        File.ReadAllText(Path.Combine(Folder, Dump)).ShouldStartWith("Salted__");
        (await RunAsync("Backups")).Output.ShouldContain("checked, encrypted");
    }

    [Test]
    public async Task A_restore_brings_back_what_was_and_keeps_what_is_under_another_name()
    {
        await RunAsync("Backup");
        _host.Table("db", "orders", ["3 beer"]);
        var run = await RunAsync("Restore", "--backup", Dump, "--confirm-database", "app");
        run.ExitCode.ShouldBe(0, run.Output);
        _host.RowsOf("db", "orders").ShouldBe(["1 tea", "2 milk"]);
        var before = _host.DatabasesOf("db").Single(name => name != "app");
        before.ShouldStartWith("app_before_");
        _host.RowsOf("db", "orders", before).ShouldBe(["3 beer"]);
        run.Output.ShouldContain($"kept      the database before, as {before}");
    }

    [Test]
    public async Task A_database_that_is_not_empty_is_not_replaced_without_a_word()
    {
        await RunAsync("Backup");
        foreach (var word in new string[][] { [], ["--yes"], ["--confirm-database", "another"] })
        {
            var run = await RunAsync(["Restore", "--backup", Dump, .. word]);
            run.ExitCode.ShouldBe(2, run.Output);
            _host.DatabasesOf("db").ShouldBe(["app"]);
        }
    }

    [Test]
    public async Task Into_a_database_that_is_not_there_nothing_need_be_said()
    {
        await RunAsync("Backup");
        var run = await RunAsync("Restore", "--backup", Dump, "--database", "copy");
        run.ExitCode.ShouldBe(0, run.Output);
        _host.RowsOf("db", "orders", "copy").ShouldBe(["1 tea", "2 milk"]);
        _host.DatabasesOf("db").ShouldBe(["app", "copy"]);
    }

    [TestCase(null)]
    [TestCase(Key)]
    public async Task A_byte_that_was_changed_is_found_before_anything_is_touched(string? key)
    {
        string[] options = key is null ? [] : ["--backup-key", key];
        await RunAsync(["Backup", .. options]);
        var file = Path.Combine(Folder, Dump);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        var run = await RunAsync(["Restore", "--backup", Dump, "--database", "copy", .. options]);
        run.ExitCode.ShouldBe(2, run.Output);
        run.Output.ShouldContain("its SHA-256 is not the one that was recorded; nothing was touched");
        _host.DatabasesOf("db").ShouldBe(["app"]);
    }

    [Test]
    public async Task An_encrypted_backup_is_restored_with_its_key_alone()
    {
        await RunAsync("Backup", "--backup-key", Key);
        (await RunAsync("Restore", "--backup", Dump, "--database", "copy")).Output.ShouldContain("there is no key");
        (
            await RunAsync("Restore", "--backup", Dump, "--database", "copy", "--backup-key", Key + "!")
        ).Output.ShouldContain("the key is another one");
        _host.DatabasesOf("db").ShouldBe(["app"]);
        (await RunAsync("Restore", "--backup", Dump, "--database", "copy", "--backup-key", Key)).ExitCode.ShouldBe(0);
        _host.RowsOf("db", "people", "copy").ShouldBe(["ann"]);
    }

    [Test]
    public async Task A_restore_that_fails_leaves_the_database_as_it_was()
    {
        await RunAsync("Backup");
        var run = await RunAsync(BackupFault.CopyLacksRows, "Restore", "--backup", Dump, "--confirm-database", "app");
        run.ExitCode.ShouldBe(1, run.Output);
        run.Output.ShouldContain("kept    the database as it was");
        _host.DatabasesOf("db").ShouldBe(["app"]);
        _host.RowsOf("db", "orders").ShouldBe(["1 tea", "2 milk"]);
    }

    [TestCase("", "no backup was named")]
    [TestCase("--backup ../../etc/passwd", "there is no backup ../../etc/passwd")]
    [TestCase("--backup shop-app-19990101T000000Z.dump", "there is no backup")]
    public async Task A_backup_that_is_not_there_is_refused(string options, string why)
    {
        var run = await RunAsync(["Restore", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        run.ExitCode.ShouldBe(2, run.Output);
        run.Output.ShouldContain(why);
    }

    [Test]
    public async Task A_deploy_that_migrates_makes_one_before_it_touches_anything()
    {
        string[] option = ["--backup-before-migrations"];
        var first = await RunAsync(["AtomicDeploy", "--tag", "v1", .. option]);
        first.ExitCode.ShouldBe(0, first.Output + first.Error);
        Directory.Exists(Folder).ShouldBeFalse("a first deploy has nothing to back up");
        (await RunAsync(["AtomicDeploy", "--tag", "v2", "--dry-run", .. option])).Output.ShouldContain(
            "back up the database"
        );
        Directory.Exists(Folder).ShouldBeFalse();
        (await RunAsync(["AtomicDeploy", "--tag", "v2", .. option])).ExitCode.ShouldBe(0);
        Files.Count(file => file.EndsWith(".dump")).ShouldBe(1);
        (await RunAsync("AtomicDeploy", "--tag", "v3")).ExitCode.ShouldBe(0);
        Files.Count(file => file.EndsWith(".dump")).ShouldBe(1);
    }

    [TestCase(BackupFault.DumpFails)]
    [TestCase(BackupFault.CopyLacksRows)]
    public async Task One_that_fails_stops_the_deploy_and_no_migration_runs(BackupFault fault)
    {
        await RunAsync("AtomicDeploy", "--tag", "v1");
        var changes = _host.Changes.Length;
        var run = await RunAsync(fault, "AtomicDeploy", "--tag", "v2", "--backup-before-migrations");
        run.ExitCode.ShouldBe(1, run.Output + run.Error);
        _host.Serving.ShouldBe("v1");
        _host.Changes.Skip(changes).ShouldNotContain(change => change.Contains("v2", StringComparison.Ordinal));
        _host.Changes.Skip(changes).ShouldNotContain(change => change.Contains("migrate", StringComparison.Ordinal));
    }

    [Test]
    public async Task The_gate_counts_what_was_checked_of_this_application_here_and_is_whole()
    {
        await RunAsync("Backup");
        AbsolutePath folder = Folder;
        FactsReader.NewestOf(folder, "shop", "local").ShouldNotBeNull();
        FactsReader.NewestOf(folder, "shop", "production").ShouldBeNull();
        FactsReader.NewestOf(folder, "other", "local").ShouldBeNull();
        await File.AppendAllTextAsync(Path.Combine(Folder, Dump), "more");
        FactsReader.NewestOf(folder, "shop", "local").ShouldBeNull();
    }

    private Task<BuildTestRun> RunAsync(BackupFault fault, params string[] arguments)
    {
        _host.Let(fault);
        return RunAsync(arguments);
    }

    /// <summary>What a person sees.</summary>
    private async Task<BuildTestRun> RunAsync(params string[] arguments)
    {
        var run = await _tester.RunAsync<BackedUpShop>(arguments);
        return arguments.Contains("--json") ? run : run with { Output = run.Output + run.Error };
    }
}

/// <summary>A build that has backups.</summary>
public class BackedUpShop : RecyclicBuild, IAtomicDeploy, IBackup;
