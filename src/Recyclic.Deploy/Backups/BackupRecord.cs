using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Recyclic.Deploy.Backups;

/// <summary>What is known of a backup. It lies beside its file, by the file's name and `.json`.</summary>
/// <param name="Name">The file's.</param>
/// <param name="At">The moment of which the data is: when the dump began.</param>
/// <param name="Seconds">How long dump and check took.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Sha256">The file's, in hexadecimal.</param>
/// <param name="Facts">What the database was at that moment.</param>
public sealed record BackupRecord(
    string Name,
    string App,
    string Environment,
    string Service,
    DateTimeOffset At,
    double Seconds,
    long Bytes,
    string Sha256,
    DumpFacts Facts
)
{
    /// <summary>Of this form of the record.</summary>
    public int Version { get; init; } = 1;

    /// <summary>When a restore of the file was found to have all that the database had; null: never.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>Of an encrypted file its HMAC-SHA-256, in hexadecimal; null: it is not encrypted.</summary>
    public string? Hmac { get; init; }

    /// <summary>Whether one needs the key to read it.</summary>
    [JsonIgnore]
    public bool IsEncrypted => Hmac is not null;

    /// <summary>As it is written.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, BackupJson.Default.BackupRecord);

    /// <returns>Null: it is no record of ours, or of a form that is not known.</returns>
    public static BackupRecord? FromJson(string text)
    {
        try
        {
            return
                JsonSerializer.Deserialize(text, BackupJson.Default.BackupRecord)
                    is { Version: 1, Name: not null, App: not null, Service: not null, Sha256: not null } read
                && read is { Facts: { Database: not null, Tables.IsDefault: false, Roles.IsDefault: false } }
                ? read
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What a database was at the moment of its dump.</summary>
/// <param name="Server">The server's version.</param>
/// <param name="Bytes">What it takes on the server's disk.</param>
/// <param name="Roles">The server's roles, which no dump has.</param>
/// <param name="Tables">Each of its tables.</param>
public sealed record DumpFacts(
    string Database,
    string Server,
    string Encoding,
    string Collation,
    string CharacterType,
    long Bytes,
    ImmutableArray<string> Roles,
    ImmutableArray<TableDigest> Tables
)
{
    /// <summary>Of all tables together.</summary>
    [JsonIgnore]
    public long Rows => Tables.Sum(table => table.Rows);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true
)]
[JsonSerializable(typeof(BackupRecord))]
internal sealed partial class BackupJson : JsonSerializerContext;
