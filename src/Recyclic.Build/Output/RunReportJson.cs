using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Recyclic.Build.Running;

namespace Recyclic.Build.Output;

/// <summary>
/// A run report as JSON. Written and read by hand, since a serializer would cost more start-up than the rest of the
/// host.
/// </summary>
internal static class RunReportJson
{
    public static ReadOnlySpan<byte> Write(RunReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
            Write(json, report);
        return buffer.WrittenSpan;
    }

    /// <summary>Null for a report of another schema, or for none at all.</summary>
    public static RunReport? Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            return root.GetProperty("schema").GetInt32() == RunReport.Schema ? Read(root) : null;
        }
        catch (Exception exception)
            when (exception
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or ArgumentException
            )
        {
            // Half written by hand or by another version: as good as none.
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartObject();
        json.WriteNumber("schema", RunReport.Schema);
        json.WriteString("startedAt", Text(report.StartedAt));
        json.WriteNumber("seconds", report.Duration.TotalSeconds);
        json.WriteString("outcome", report.Outcome);
        json.WriteNumber("exitCode", report.ExitCode);
        Write(json, "invoked", report.Request.Targets);
        Write(json, "skip", report.Request.Skipped);
        json.WriteBoolean("dryRun", report.Request.IsDryRun);
        json.WriteStartArray("parameters");
        foreach (var parameter in report.Request.Parameters)
            Write(json, parameter);
        json.WriteEndArray();
        json.WriteStartArray("targets");
        foreach (var target in report.Targets)
            Write(json, target);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReportedParameter parameter)
    {
        json.WriteStartObject();
        json.WriteString("name", parameter.Name);
        json.WriteString("source", parameter.Source);
        if (parameter.IsSecret)
            json.WriteBoolean("secret", true);
        else
            Write(json, "values", parameter.Values);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReportedTarget target)
    {
        json.WriteStartObject();
        json.WriteString("name", target.Name);
        json.WriteString("status", target.Status.ToString().ToLowerInvariant());
        if (target.StartedAt is { } time)
            json.WriteString("startedAt", Text(time));
        json.WriteNumber("seconds", target.Duration.TotalSeconds);
        if (target.Attempts > 1)
            json.WriteNumber("attempts", target.Attempts);
        if (target.IsContinued)
            json.WriteBoolean("continued", true);
        if (target.Notes.Length > 0)
            Write(json, "notes", target.Notes);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableArray<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static RunReport Read(JsonElement root) =>
        new(
            Time(root.GetProperty("startedAt")),
            TimeSpan.FromSeconds(root.GetProperty("seconds").GetDouble()),
            root.GetProperty("outcome").GetString() ?? "",
            root.GetProperty("exitCode").GetInt32(),
            new(
                Strings(root, "invoked"),
                Strings(root, "skip"),
                Flag(root, "dryRun"),
                [.. root.GetProperty("parameters").EnumerateArray().Select(Parameter)]
            ),
            [.. root.GetProperty("targets").EnumerateArray().Select(Target)]
        );

    private static ReportedParameter Parameter(JsonElement json) =>
        new(
            json.GetProperty("name").GetString() ?? "",
            Flag(json, "secret"),
            Strings(json, "values"),
            json.GetProperty("source").GetString() ?? ""
        );

    private static ReportedTarget Target(JsonElement json) =>
        new(
            json.GetProperty("name").GetString() ?? "",
            Enum.Parse<ExecutionStatus>(json.GetProperty("status").GetString() ?? "", ignoreCase: true),
            json.TryGetProperty("startedAt", out var time) ? Time(time) : null,
            TimeSpan.FromSeconds(json.GetProperty("seconds").GetDouble()),
            json.TryGetProperty("attempts", out var attempts) ? attempts.GetInt32() : 1,
            Flag(json, "continued"),
            Strings(json, "notes")
        );

    private static bool Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out var flag) && flag.GetBoolean();

    private static ImmutableArray<string> Strings(JsonElement json, string name) =>
        json.TryGetProperty(name, out var values)
            ? [.. values.EnumerateArray().Select(value => value.GetString() ?? "")]
            : [];

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(JsonElement json) => json.GetDateTimeOffset();
}
