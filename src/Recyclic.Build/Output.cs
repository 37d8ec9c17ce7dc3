using System.Diagnostics.CodeAnalysis;

namespace Recyclic.Build;

/// <summary>A value that one target makes and others read. See <see cref="Output{T}"/>.</summary>
public abstract class TargetOutput
{
    private readonly Func<string, ExecutionStatus?> _statusOf;

    private protected TargetOutput(string name, Type valueType, Func<string, ExecutionStatus?> statusOf) =>
        (Name, ValueType, _statusOf) = (name, valueType, statusOf);

    /// <summary>The value as another process reads it; null while there is none.</summary>
    internal abstract string? Text { get; }

    /// <summary>The name of the member that it belongs to.</summary>
    public string Name { get; }

    /// <summary>The type of its value.</summary>
    public Type ValueType { get; }

    /// <summary>The name of the target that declares it; null when none does.</summary>
    public string? Owner { get; internal set; }

    private protected ExecutionStatus? OwnerStatus => Owner is null ? null : _statusOf(Owner);

    private protected string Undeclared =>
        $"no target declares the output {Name}: add .Outputs({Name}) to the target that sets it";
}

/// <summary>
/// A value that one target makes and others read: <c>Output&lt;string&gt; Digest => GetOutput&lt;string&gt;();</c>. A
/// target declares it with <see cref="ITargetDefinition.Outputs"/> and sets it while it runs; a target that depends on
/// it reads <see cref="Value"/>. Where the target that sets it has run on another machine, as in a workflow, the value
/// comes from the environment: <c>RECYCLIC_OUTPUT_DIGEST</c>. </summary>
public sealed class Output<T> : TargetOutput
{
    private readonly Lock _lock = new();
    private bool _isSet;
    private T? _value;

    private readonly Func<string?> _handedOver;

    internal Output(string name, Func<string, ExecutionStatus?> statusOf, Func<string?> handedOver)
        : base(name, typeof(T), statusOf) => _handedOver = handedOver;

    internal override string? Text => _isSet ? Definition.OutputText.Of(_value) : null;

    /// <exception cref="TargetFailedException">It has not been set, because its target has not run, was skipped or
    /// failed; or no target declares it.</exception>
    public T Value =>
        TryGet(out var value)
            ? value
            : throw new TargetFailedException(
                Owner is null ? Undeclared : $"the output {Name} has no value: {Missing()}"
            );

    /// <summary>Sets the value; the last one counts.</summary>
    /// <exception cref="TargetFailedException">The target that declares it is not running; or no target declares
    /// it.</exception>
    public void Set(T value)
    {
        if (Owner is null)
            throw new TargetFailedException(Undeclared);
        if (OwnerStatus != ExecutionStatus.Running)
            throw new TargetFailedException($"the output {Name} can be set only by {Owner}, and while that runs");
        lock (_lock)
            (_value, _isSet) = (value, true);
    }

    /// <summary>The value, if it has been set.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        lock (_lock)
        {
            if (!_isSet && OwnerStatus is null or ExecutionStatus.Skipped && _handedOver() is { } text)
                (_value, _isSet) = (Definition.OutputText.Parse<T>(Name, text), true);
            value = _value;
            return _isSet;
        }
    }

    private string Missing() =>
        OwnerStatus switch
        {
            null =>
                $"{Owner}, which sets it, is not part of this run; add .DependsOn({Owner}) to the target that reads it",
            ExecutionStatus.Scheduled =>
                $"{Owner}, which sets it, has yet to run; add .DependsOn({Owner}) to the target that reads it",
            ExecutionStatus.Running => $"{Owner} is running and has not set it yet",
            ExecutionStatus.Skipped => $"{Owner}, which sets it, was skipped",
            ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun =>
                $"{Owner}, which sets it, did not succeed",
            _ => $"{Owner} has run without setting it",
        };
}
