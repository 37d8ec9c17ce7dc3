using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Recyclic.Build.Adapters;
using Recyclic.Build.Running;

namespace Recyclic.Build.Changes;

/// <summary>Whether a target with <see cref="ITargetDefinition.OnlyWhenChanged"/> has anything to do.</summary>
internal sealed class InputCheck
{
    private readonly InputFiles _files;
    private readonly InputState _now;
    private readonly DateTimeOffset _time;
    private readonly bool _keepsRecords;

    private InputCheck(BuildSession session, InputFiles files, InputState now) =>
        (_files, _now, _time, _keepsRecords) = (
            files,
            now,
            session.Host.Clock.GetLocalNow(),
            session.Host.KeepsReports && !session.Options.DryRun
        );

    /// <summary>Whether all is as it was when the target last succeeded.</summary>
    public bool IsUnchanged { get; private init; }

    /// <summary>Since when nothing has changed, or what has.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>Inputs that match nothing.</summary>
    public ImmutableArray<string> Warnings { get; private init; } = [];

    /// <summary>Reads the inputs of a target, and what it recorded.</summary>
    public static InputCheck Of(BuildSession session, ExecutableTarget target)
    {
        var files = new InputFiles(session.RootDirectory, target.Name);
        var (hashes, unmatched) = files.Hash(target.Inputs);
        var parameters = session
            .Values.All.Where(value => value.Parameter is { Member: not null, IsSecret: false })
            .ToImmutableSortedDictionary(
                value => value.Parameter.Name,
                value => HashOf(value.Value),
                StringComparer.Ordinal
            );
        var now = new InputState(hashes, parameters, session.DefinitionMark);
        var last = files.Read();
        var change =
            last is null ? "it has not succeeded here before"
            : unmatched.Length > 0 ? $"no file matches {unmatched[0]}"
            : now.ChangeSince(last.State)
                ?? (files.Missing(target.Produces) is { } missing ? $"{missing} is not there" : null);
        return new(session, files, now)
        {
            IsUnchanged = change is null,
            Reason =
                change
                ?? string.Create(
                    CultureInfo.InvariantCulture,
                    $"nothing has changed since {last!.Time:yyyy-MM-dd HH:mm:ss}"
                ),
            Warnings =
            [
                .. unmatched.Select(pattern =>
                    $"no file matches the input {pattern} of {target.Name}, so it cannot be left out: mend the pattern in OnlyWhenChanged"
                ),
            ],
        };
    }

    /// <summary>Until the target has succeeded nobody knows in which state its results are.</summary>
    public void Forget()
    {
        if (_keepsRecords)
            _files.Forget();
    }

    /// <summary>Records the inputs as they were before the target began.</summary>
    /// <returns>Why it could not; null when it could.</returns>
    public string? Record() => _keepsRecords ? _files.Write(new(_time, _now)) : null;

    private static string HashOf(object? value) =>
        InputFiles.Hash(Encoding.UTF8.GetBytes(Definition.OutputText.Of(value)));
}
