using System.Runtime.CompilerServices;

namespace Recyclic.Build.Definition;

/// <summary>
/// The equality of delegates, with a hash of its own: the runtime's is the same for all lambdas of one object, which
/// would make every look-up a walk through all targets of the build.
/// </summary>
internal sealed class TargetComparer : IEqualityComparer<Target>
{
    public static readonly TargetComparer Instance = new();

    public bool Equals(Target? x, Target? y) => x == y;

    public int GetHashCode(Target obj) => HashCode.Combine(obj.Method, RuntimeHelpers.GetHashCode(obj.Target));
}
