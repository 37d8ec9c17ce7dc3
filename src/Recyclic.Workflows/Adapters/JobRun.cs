using System.Collections.Immutable;
using Recyclic.Workflows.Rehearsal;

namespace Recyclic.Workflows.Adapters;

/// <summary>The files that belong to one step.</summary>
internal sealed record StepFiles(string Script, string Outputs, string Summary);

/// <summary>One job while it runs: its directory, what its steps have set, whether one has failed.</summary>
internal sealed class JobRun(string directory, Func<string, string?> find)
{
    private readonly Dictionary<string, ImmutableSortedDictionary<string, string>> _outputs = [];
    private int _steps;

    public string Clone { get; } = Path.Combine(directory, "work");

    /// <summary>Why the first failed step did; null while none has.</summary>
    public string? Trouble { get; set; }

    public void Keep(string step, ImmutableSortedDictionary<string, string> outputs) => _outputs[step] = outputs;

    public bool IsToRun(RehearsedStep step) => Expression.Holds(step.Condition ?? "success()", new(Find, Call));

    /// <exception cref="FormatException">It asks for what a rehearsal does not know.</exception>
    public string Fill(string text) => Expression.Fill(text, new(Find, Call));

    public StepFiles NewStep(string script)
    {
        var files = Directory.CreateDirectory(Path.Combine(directory, $"step-{++_steps}")).FullName;
        File.WriteAllText(Path.Combine(files, "script.sh"), script + "\n");
        return new(Path.Combine(files, "script.sh"), Path.Combine(files, "outputs"), Path.Combine(files, "summary.md"));
    }

    private string? Find(string path) => path.Split('.') switch
    {
        ["steps", var step, "outputs", var output] => _outputs.GetValueOrDefault(step)?.GetValueOrDefault(output),
        ["runner", "os"] => "Linux",
        ["runner", "temp"] => directory,
        _ => find(path),
    };

    private object? Call(string function, IReadOnlyList<object?> arguments) => function switch
    {
        "success" => Trouble is null,
        "failure" => Trouble is not null,
        "always" => true,
        "cancelled" => false,
        "hashFiles" => "rehearsal",
        _ => throw new FormatException($"a rehearsal does not know the function {function}"),
    };
}
