using System.Collections.Immutable;
using Recyclic.Workflows.Rehearsal;

namespace Recyclic.Workflows.Adapters;

/// <summary>The files that belong to one step.</summary>
internal sealed record StepFiles(string Script, string Outputs, string Summary, string Environment, string Path);

/// <summary>One job while it runs: its directory, what its steps have set, whether one has failed.</summary>
internal sealed class JobRun(string directory, Func<string, string?> find)
{
    private readonly Dictionary<string, ImmutableSortedDictionary<string, string>> _outputs = [];
    private ImmutableDictionary<string, string> _environment = ImmutableDictionary<string, string>.Empty;
    private string _path = "";
    private int _steps;

    public string Clone { get; } = Path.Combine(directory, "work");

    /// <summary>Why the first failed step did; null while none has.</summary>
    public string? Trouble { get; set; }

    public void Keep(string step, ImmutableSortedDictionary<string, string> outputs) => _outputs[step] = outputs;

    /// <summary>The variables of a step: its own, and what earlier scripts have set for all that follow.</summary>
    /// <exception cref="FormatException">One asks for what a rehearsal does not know.</exception>
    public ImmutableDictionary<string, string> VariablesOf(RehearsedStep step)
    {
        var variables = step
            .Environment.ToImmutableDictionary(variable => variable.Key, variable => Fill(variable.Value))
            .SetItems(_environment);
        return _path.Length == 0
            ? variables
            : variables.SetItem(
                "PATH",
                $"{_path}{variables.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH")}"
            );
    }

    /// <summary>Takes over what a script has set for the steps behind it.</summary>
    public void Take(StepFiles files)
    {
        _environment = _environment.SetItems(StepFile.Read(files.Environment));
        if (File.Exists(files.Path))
            _path =
                string.Concat(
                    File.ReadAllLines(files.Path)
                        .Where(line => line.Length > 0)
                        .Reverse()
                        .Select(line => line + System.IO.Path.PathSeparator)
                ) + _path;
    }

    /// <exception cref="FormatException">Its condition asks for what a rehearsal does not know.</exception>
    public bool IsToRun(RehearsedStep step)
    {
        if (step.Condition is null)
            return Trouble is null;
        var variables = VariablesOf(step);
        return Expression.Holds(
            step.Condition,
            new(
                path =>
                    path.StartsWith("env.", StringComparison.Ordinal)
                        ? variables.GetValueOrDefault(path[4..])
                        : Rehearsal.Rehearsal.Known(path, Find),
                Call
            )
        );
    }

    /// <exception cref="FormatException">It asks for what a rehearsal does not know.</exception>
    public string Fill(string text) => Expression.Fill(text, new(Find, Call));

    public StepFiles NewStep(string script)
    {
        var files = Directory.CreateDirectory(Path.Combine(directory, $"step-{++_steps}")).FullName;
        string FileOf(string name) => Path.Combine(files, name);
        File.WriteAllText(FileOf("script.sh"), script + "\n");
        return new(FileOf("script.sh"), FileOf("outputs"), FileOf("summary.md"), FileOf("environment"), FileOf("path"));
    }

    private string? Find(string path) =>
        path.Split('.') switch
        {
            ["steps", var step, "outputs", var output] => _outputs.GetValueOrDefault(step)?.GetValueOrDefault(output),
            ["runner", "os"] => "Linux",
            ["runner", "temp"] => directory,
            _ => find(path),
        };

    private object? Call(string function, IReadOnlyList<object?> arguments) =>
        function switch
        {
            "success" => Trouble is null,
            "failure" => Trouble is not null,
            "always" => true,
            "cancelled" => false,
            "hashFiles" => "rehearsal",
            _ => throw new FormatException($"a rehearsal does not know the function {function}"),
        };
}
