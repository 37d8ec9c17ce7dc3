using Recyclic.Build;

namespace Recyclic.Workflows;

/// <summary>A target by its property, as in <c>Targets = [Test, Pack]</c>, or by its name: <c>nameof(IRollback.Rollback)</c>.</summary>
public readonly record struct TargetReference
{
    private TargetReference(Target? target, string? name) => (Target, Name) = (target, name);

    public Target? Target { get; }
    public string? Name { get; }

    public static implicit operator TargetReference(Target target) => new(target, null);
    public static implicit operator TargetReference(string name) => new(null, name);

    public static TargetReference FromTarget(Target target) => target;
    public static TargetReference FromString(string name) => name;
}
