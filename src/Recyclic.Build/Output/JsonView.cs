using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Recyclic.Build.Running;
using Serilog.Events;

namespace Recyclic.Build.Output;

/// <summary>
/// For a program: one JSON object a line, with <c>time</c> and <c>event</c> first. Texts come redacted, before they are
/// escaped.
/// </summary>
internal sealed class JsonView(BuildOutput output) : RunView(output)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override bool ShowsPartsOfLines => false;

    public override string Line(string target, string text) => Event("output", json => Message(json, target, text));

    public override string Logged(LogEventLevel level, string target, string text, Exception? failure) =>
        Event(
            "log",
            json =>
            {
                json.WriteString("level", level.ToString().ToLowerInvariant());
                Message(json, target, text);
            }
        );

    public override void Started(string version) => Say("run-started", json => json.WriteString("version", version));

    public override void TargetStarted(TargetRun run) =>
        Say("target-started", json => json.WriteString("target", run.Target.Name));

    public override void TargetEnded(TargetRun run, ExecutionStatus status)
    {
        if (status != ExecutionStatus.Collective)
            Say("target-ended", json => Target(json, run, status));
    }

    public override void Ended(RunEnd end) =>
        Say(
            "run-ended",
            json =>
            {
                json.WriteString("outcome", end.Outcome);
                json.WriteNumber("exitCode", end.ExitCode);
                json.WriteNumber("seconds", Seconds(end.Duration));
                json.WriteStartArray("targets");
                foreach (var run in end.Runs.Where(run => run.Status != ExecutionStatus.Collective))
                {
                    json.WriteStartObject();
                    Target(json, run, run.Status);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        );

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    private void Target(Utf8JsonWriter json, TargetRun run, ExecutionStatus status)
    {
        json.WriteString("target", run.Target.Name);
        json.WriteString("status", status.ToString().ToLowerInvariant());
        json.WriteNumber("seconds", Seconds(run.Duration));
        if (!run.Notes.IsEmpty)
        {
            json.WriteStartArray("notes");
            foreach (var note in run.Notes)
                json.WriteStringValue(Output.Shown(note));
            json.WriteEndArray();
        }
        if (run.Parts.IsEmpty)
            return;
        json.WriteStartArray("parts");
        foreach (var part in run.Parts)
            Part(json, part);
        json.WriteEndArray();
    }

    private void Part(Utf8JsonWriter json, TargetPart part)
    {
        json.WriteStartObject();
        json.WriteString("name", Output.Shown(part.Name));
        json.WriteString("status", part.Status.ToString().ToLowerInvariant());
        json.WriteNumber("seconds", Seconds(part.Duration));
        if (part.Note is { } note)
            json.WriteString("note", Output.Shown(note));
        json.WriteEndObject();
    }

    private static void Message(Utf8JsonWriter json, string target, string text)
    {
        if (target.Length > 0)
            json.WriteString("target", target);
        json.WriteString("message", text);
    }

    private void Say(string name, Action<Utf8JsonWriter> write) => Output.Command(Event(name, write));

    private string Event(string name, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", Output.Now.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("event", name);
            write(json);
            json.WriteEndObject();
        }
        return JsonText.Harmless(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
