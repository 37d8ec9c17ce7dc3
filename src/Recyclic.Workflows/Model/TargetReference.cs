using Recyclic.Build;

namespace Recyclic.Workflows;

/// <summary>
/// A target by its property, as in <c>Targets = [Test, Pack]</c>, or by its name: <c>nameof(IRollback.Rollback)</c>.
/// </summary>
public readonly record struct TargetReference
{
    private TargetReference(Target? target, string? name) => (Target, Name) = (target, name);

    /// <summary>The target; null where it is named.</summary>
    public Target? Target { get; }

    /// <summary>Its name; null where the target itself is given.</summary>
    public string? Name { get; }

    /// <summary>By its property.</summary>
    public static implicit operator TargetReference(Target target) => new(target, null);

    /// <summary>By its name.</summary>
    public static implicit operator TargetReference(string name) => new(null, name);

    /// <summary>By its property.</summary>
    public static TargetReference FromTarget(Target target) => target;

    /// <summary>By its name.</summary>
    public static TargetReference FromString(string name) => name;
}
