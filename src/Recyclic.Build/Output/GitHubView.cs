using Recyclic.Build.Running;
using Serilog.Events;

namespace Recyclic.Build.Output;

/// <summary>
/// For the log of a GitHub workflow: a group for each target, and annotations that name the line of the source.
/// </summary>
/// <param name="workspace">The directory that annotations' paths are relative to.</param>
internal sealed class GitHubView(BuildOutput output, string workspace) : TextView(output)
{
    /// <summary>Nobody is asked anything there, and the runner must get no half line of which we cannot tell what it is.</summary>
    public override bool ShowsPartsOfLines => false;

    public override string Line(string target, string text) => WithAnnotation(text, SourcePlace.In(text));

    public override string Logged(LogEventLevel level, string target, string text, Exception? failure)
    {
        var line = base.Logged(level, target, text, failure);
        if (SourcePlace.In(text) is { } place)
            return WithAnnotation(line, place);
        if (level < LogEventLevel.Warning)
            return line;
        return WithAnnotation(
            line,
            (failure is null ? null : SourcePlace.Of(failure, workspace)) is { } thrown
                ? thrown with
                {
                    IsError = level >= LogEventLevel.Error,
                    Title = target,
                    Message = FirstLine(text),
                }
                : new SourcePlace("", 0, 0, level >= LogEventLevel.Error, target, FirstLine(text))
        );
    }

    public override void TargetStarted(TargetRun run) =>
        Output.Command($"::group::{GitHubCommand.Escaped(run.Target.Name)}");

    public override void TargetEnded(TargetRun run, ExecutionStatus status)
    {
        if (run.Attempts > 0)
            Output.Command("::endgroup::");
    }

    private string WithAnnotation(string line, SourcePlace? place) =>
        place is null ? line : $"{line}\n{GitHubCommand.Annotation(place, workspace)}";

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd();
}

/// <summary>Lines that the runner of a GitHub workflow takes as commands. Pure.</summary>
internal static class GitHubCommand
{
    /// <summary>Those that tell people something, and change nothing of what the runner does or what later steps get.</summary>
    private static readonly string[] Telling = ["notice", "warning", "error", "debug", "group", "endgroup", "add-mask"];

    /// <summary>Whether a line is a command that only tells.</summary>
    public static bool OnlyTells(string line) =>
        line.StartsWith("::", StringComparison.Ordinal)
        && !line.Contains("##[", StringComparison.Ordinal)
        && !line.Contains('\n', StringComparison.Ordinal)
        && line.IndexOfAny([' ', ':'], 2) is var end and > 2
        && Telling.Contains(line[2..end], StringComparer.Ordinal);

    /// <summary>Has the runner mask the value in all that follows, line by line as the runner compares it.</summary>
    public static IEnumerable<string> Masks(string secret) =>
        secret
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => $"::add-mask::{Escaped(line)}");

    public static string Annotation(SourcePlace place, string workspace)
    {
        var properties = new List<string>();
        if (place.Path.Length > 0)
            properties.Add($"file={Property(place.RelativeTo(workspace))}");
        if (place.Line > 0)
            properties.Add($"line={place.Line}");
        if (place.Column > 0)
            properties.Add($"col={place.Column}");
        if (place.Title.Length > 0)
            properties.Add($"title={Property(place.Title)}");
        return $"::{(place.IsError ? "error" : "warning")}{(properties.Count > 0 ? " " : "")}{string.Join(',', properties)}::{Escaped(place.Message)}";
    }

    public static string Escaped(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Escaped(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
