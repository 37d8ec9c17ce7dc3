using System.Globalization;

namespace Recyclic.Sample;

/// <summary>Where the accessories are: compose service names unless the environment says otherwise.</summary>
public static class Settings
{
    /// <summary>
    /// A connection string for PostgreSQL. <paramref name="options"/> are added as they are. Built by hand because the
    /// shared project has no need of the driver; the password alone may hold any character, so it alone is quoted.
    /// </summary>
    public static string Postgres(string options = "Maximum Pool Size=10") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Host={Text("POSTGRES_HOST", "postgres")};Port={Number("POSTGRES_PORT", 5432)};Database={Text("POSTGRES_DB", "recyclic")};Username={Text("POSTGRES_USER", "recyclic")};Password='{Text("POSTGRES_PASSWORD", "").Replace("'", "''", StringComparison.Ordinal)}';Timeout=2;Command Timeout=5;Cancellation Timeout=500;SSL Mode=Disable;GSS Encryption Mode=Disable;{options}"
        );

    /// <summary>A connection string for Redis: an answer within a second, or none.</summary>
    public static string Redis() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Text("REDIS_HOST", "redis")}:{Number("REDIS_PORT", 6379)},abortConnect=false,connectTimeout=1000,syncTimeout=1000,asyncTimeout=1000"
        );

    /// <summary>Where the frontend finds the api of its own slot.</summary>
    public static Uri Api() => new(Text("API_URL", "http://api:8000"));

    /// <summary>Where the bot finds Telegram's Bot API.</summary>
    public static string BotApi() => Text("BOT_API", "http://telegram:8081");

    /// <summary>What the bot says who it is by.</summary>
    public static string BotToken() => Text("BOT_TOKEN", "1:only-for-the-sample");

    private static string Text(string name, string otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;

    private static int Number(string name, int otherwise) =>
        int.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
}
