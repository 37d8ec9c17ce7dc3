using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>A backup of a real PostgreSQL, from the dump to a restore.</summary>
[Category("Docker"), CancelAfter(600_000)]
public sealed class BackupTests
{
    private const string App = "cmp-backup";

    private const string Fill = """"
        CREATE ROLE reader;
        CREATE SCHEMA "S 1";
        CREATE TABLE orders (id serial PRIMARY KEY, "a name" text, body bytea, more jsonb, at timestamptz DEFAULT now(), price float8);
        INSERT INTO orders ("a name", body, more, price) SELECT 'order ' || i, decode('00ff', 'hex'), '{"a": 1}', random() FROM generate_series(1, 5000) i;
        CREATE TABLE "S 1"."odd ""name""" (); CREATE TABLE parent (a int); CREATE TABLE child (b int) INHERITS (parent);
        ALTER TABLE parent ADD COLUMN c int; INSERT INTO child VALUES (1, 2, 3);
        GRANT SELECT ON orders TO reader;
        SELECT lo_from_bytea(0, 'large');
        ALTER DATABASE shop SET statement_timeout = '1ms';
        """";

    [Test]
    public async Task It_is_made_checked_found_damaged_and_restored_equal(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await Stack.BuildImageAsync(
            cancellationToken,
            "--tag",
            "recyclic-compose-test/postgres:15",
            Path.Combine(Repository.Root, "samples", "recyclic", "images", "postgres")
        );
        var folder = Directory.CreateTempSubdirectory("cmp-backup-");
        await using var stack = new Stack(App, "backup.yml")
        {
            Environment = Stack.Variables(("WEB_PORT", "17869"), ("DB_PASSWORD", "not-on-a-command-line")),
        };
        try
        {
            await stack.RemoveAsync();
            Good(await stack.DeployAsync("v1", cancellationToken));
            var db = Stack.Lines(
                await Stack.DockerAsync(
                    cancellationToken,
                    "ps",
                    "--quiet",
                    "--filter",
                    $"label=com.docker.compose.project={App}",
                    "--filter",
                    "label=com.docker.compose.service=db"
                )
            )[0];
            await SqlAsync(db, "shop", Fill, cancellationToken);

            // The backup is made by the deploy, since the file declares a migration.
            var deploy = await stack.DeployAsync(
                "v2",
                cancellationToken,
                "--backup-before-migrations",
                "--backups",
                folder.FullName
            );
            Good(deploy);
            deploy.StandardOutput.ShouldContain("each table has the same rows");
            var file = folder.GetFiles("*.dump").Single();
            await SqlAsync(
                db,
                "shop",
                "SET statement_timeout = 0; DELETE FROM orders WHERE id > 10;",
                cancellationToken
            );

            var bytes = await File.ReadAllBytesAsync(file.FullName, cancellationToken);
            var spoilt = (byte[])bytes.Clone();
            spoilt[spoilt.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(file.FullName, spoilt, cancellationToken);
            string[] restore = ["--backup", file.Name, "--backups", folder.FullName, "--confirm-database", "shop"];
            var refused = await stack.BuildAsync(["Restore", .. stack.Files, .. restore], cancellationToken);
            refused.ExitCode.ShouldBe(2, refused.StandardOutput + refused.StandardError);
            (await CountAsync(db, "shop", cancellationToken)).ShouldBe("10");

            await File.WriteAllBytesAsync(file.FullName, bytes, cancellationToken);
            var restored = await stack.BuildAsync(["Restore", .. stack.Files, .. restore], cancellationToken);
            Good(restored);
            (await CountAsync(db, "shop", cancellationToken)).ShouldBe("5000");
            var before = Stack
                .Lines(
                    await SqlAsync(
                        db,
                        "postgres",
                        "SELECT datname FROM pg_database WHERE datname LIKE 'shop!_before!_%' ESCAPE '!';",
                        cancellationToken
                    )
                )
                .Single();
            (await CountAsync(db, before, cancellationToken)).ShouldBe("10");
            // The server in which it was tried out has gone.
            (
                await Stack.DockerAsync(
                    cancellationToken,
                    "ps",
                    "--all",
                    "--quiet",
                    "--filter",
                    "label=recyclic.role=backup-check",
                    "--filter",
                    $"label=recyclic.app={App}"
                )
            ).ShouldBeEmpty();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<string> CountAsync(string container, string database, CancellationToken cancellationToken) =>
        SqlAsync(container, database, "SET statement_timeout = 0; SELECT count(*) FROM orders;", cancellationToken);

    private static Task<string> SqlAsync(
        string container,
        string database,
        string sql,
        CancellationToken cancellationToken
    ) =>
        Stack.DockerAsync(
            cancellationToken,
            "exec",
            container,
            "psql",
            "-XqAt",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "shop",
            "-d",
            database,
            "-c",
            sql
        );

    private static void Good(CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);
}
