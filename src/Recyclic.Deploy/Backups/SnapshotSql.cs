using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Backups;

/// <summary>
/// Pure: what psql is told, and how its answers are read. Each answer is a line of JSON, whatever the names are made of.
/// </summary>
internal static class SnapshotSql
{
    /// <summary>Says that all that was asked has been answered.</summary>
    public const string End = "recyclic-end";

    /// <summary>What texts of rows depend on; and nothing of the database's own settings ends the work.</summary>
    private const string Settings = """
        SET statement_timeout = 0;
        SET idle_in_transaction_session_timeout = 0;
        SET lock_timeout = '30s';
        SET client_encoding = 'UTF8';
        SET TimeZone = 'UTC';
        SET DateStyle = 'ISO, YMD';
        SET IntervalStyle = 'postgres';
        SET extra_float_digits = 3;
        SET bytea_output = 'hex';
        SET lc_monetary = 'C';
        SET row_security = off;
        SET search_path = pg_catalog;

        """;

    /// <summary>Opens the transaction whose snapshot others use; answers with the snapshot's name.</summary>
    public const string Open =
        Settings
        + """
            BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
            SELECT pg_export_snapshot();

            """;

    /// <summary>Answers with what <see cref="DumpFacts"/> has besides the tables.</summary>
    public const string Facts = """
        SELECT json_build_object('server', current_setting('server_version'), 'encoding', pg_encoding_to_char(d.encoding), 'collation', d.datcollate, 'characterType', d.datctype, 'bytes', pg_database_size(d.oid), 'roles', (SELECT json_agg(rolname ORDER BY rolname) FROM pg_roles WHERE rolname !~ '^pg_')) FROM pg_database d WHERE d.datname = current_database();

        """;

    /// <summary>
    /// Answers with each table. The columns go by their names: a restore may order those of an inherited table anew.
    /// </summary>
    public const string Tables = """
        SELECT format('SELECT json_build_array(%L, %L, count(*), coalesce(sum(hashtextextended(ROW(%s)::text, 0)::numeric), 0)::text) FROM ONLY %I.%I AS r', n.nspname, c.relname, coalesce((SELECT string_agg(format('r.%I', a.attname), ', ' ORDER BY a.attname COLLATE "C") FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), ''), n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') ORDER BY n.nspname, c.relname \gexec
        SELECT 'SELECT json_build_array('''', ''all large objects'', count(DISTINCT loid), sum(hashtextextended(loid || '':'' || pageno || '':'' || encode(data, ''hex''), 0)::numeric)::text) FROM pg_largeobject HAVING count(*) > 0' WHERE (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \gexec
        \echo recyclic-end

        """;

    /// <summary>Asks for the tables alone.</summary>
    public const string Digest = Settings + Tables;

    /// <summary>Makes roles that are not there, with no rights: a dump names them.</summary>
    public static string Roles(IEnumerable<string> names) =>
        $"SELECT format('CREATE ROLE %I', name) FROM json_array_elements_text({Text(ToJson(names))}::json) AS name WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \\gexec\n";

    /// <summary>Answers with `absent`, `empty` or `used`; asked in a database that is always there.</summary>
    public static string IsThere(string database) =>
        $"SELECT count(*) FROM pg_database WHERE datname = {Text(database)};\n";

    /// <summary>Answers with how much there is in the database that is asked.</summary>
    public const string Content = """
        SELECT (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')) + (SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')) + (SELECT count(*) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')) + (SELECT count(*) FROM pg_largeobject_metadata);

        """;

    /// <summary>
    /// Makes the database that a dump is restored into, for the owner that the one before has; in place of one that was
    /// left.
    /// </summary>
    public static string Create(string beside, string database, DumpFacts facts) =>
        $"""
            {Drop(beside)}CREATE DATABASE {Name(beside)} TEMPLATE template0 ENCODING {Text(facts.Encoding)} LC_COLLATE {Text(
                facts.Collation
            )} LC_CTYPE {Text(facts.CharacterType)};
            SELECT format('ALTER DATABASE %I OWNER TO %I', {Text(
                beside
            )}, rolname) FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba WHERE datname = {Text(database)} \gexec

            """;

    /// <summary>Removes a database that is there, with no word where it is not.</summary>
    public static string Drop(string database) => $"DROP DATABASE IF EXISTS {Name(database)};\n";

    /// <summary>
    /// Gives both their names in one transaction: from the first one on, whoever connects waits for its end.
    /// </summary>
    public static string Swap(string database, string beside, string? kept) =>
        kept is null
            ? $"ALTER DATABASE {Name(beside)} RENAME TO {Name(database)};\n"
            : $"""
                BEGIN;
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = {Text(
                    database
                )} AND pid <> pg_backend_pid();
                ALTER DATABASE {Name(database)} RENAME TO {Name(kept)};
                ALTER DATABASE {Name(beside)} RENAME TO {Name(database)};
                COMMIT;

                """;

    /// <exception cref="FormatException">It is no answer to <see cref="Facts"/>.</exception>
    public static DumpFacts ReadFacts(string database, string line)
    {
        var read = Parse(line) as JsonObject ?? throw new FormatException(line);
        return new(
            database,
            $"{read["server"]}",
            $"{read["encoding"]}",
            $"{read["collation"]}",
            $"{read["characterType"]}",
            (long?)read["bytes"] ?? 0,
            [.. (read["roles"] as JsonArray ?? []).Select(role => $"{role}")],
            []
        );
    }

    /// <exception cref="FormatException">It is no answer to <see cref="Tables"/>.</exception>
    public static TableDigest ReadTable(string line) =>
        Parse(line) is JsonArray { Count: 4 } read
            ? new($"{read[0]}", $"{read[1]}", (long?)read[2] ?? 0, $"{read[3]}")
            : throw new FormatException(line);

    private static JsonNode? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            throw new FormatException(line);
        }
    }

    private static string ToJson(IEnumerable<string> names) =>
        new JsonArray([.. names.Select(name => (JsonNode)name)]).ToJsonString();

    /// <summary>A text as SQL has it.</summary>
    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A name as SQL has it.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
