using System.Reflection;

namespace Recyclic.Build;

/// <summary>
/// The base of attributes that make the value of a member: of a field or property of the build class, or of a
/// component's property that asks for it, <c>[Commit] string? Commit => TryGetValue(() => Commit);</c>. The values are
/// made once a start, when the parameters are known and before anything is required of them; not for <c>:complete</c>.
/// What an attribute throws is a mistake that names it and its member: nothing runs, and the exit code is 2. With
/// <c>--help</c> it leaves the member as it is. </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
#pragma warning disable CA1710 // NUKE's name.
public abstract class ValueInjectionAttributeBase : Attribute
#pragma warning restore CA1710
{
    /// <summary>
    /// Those with a higher one make their values first; default: 0. Of the same, the class's members come before those
    /// of its components.
    /// </summary>
    public virtual int Priority => 0;

    /// <summary>Makes the value.</summary>
    /// <param name="member">The member that carries the attribute.</param>
    /// <param name="instance">The build, with its parameters.</param>
    /// <returns>A value of the member's type; null leaves the member as it is.</returns>
    public abstract object? GetValue(MemberInfo member, object instance);

    /// <summary>
    /// The type of a parameter of the member's name that <see cref="GetValue"/> reads; null: there is none.
    /// </summary>
    internal virtual Type? ParameterType => null;

    /// <summary>What the help says of that parameter.</summary>
    internal virtual string? ParameterDescription => null;
}
