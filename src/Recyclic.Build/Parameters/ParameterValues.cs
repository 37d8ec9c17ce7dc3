using System.Reflection;

namespace Recyclic.Build.Parameters;

/// <summary>A value that somebody gave, and where: <c>environment variable RECYCLIC_TAG</c>.</summary>
internal sealed record ParameterValue(ParameterModel Parameter, object? Value, ParameterSource Source, string Place);

/// <summary>All values that were given, by parameter.</summary>
internal sealed class ParameterValues
{
    private readonly Dictionary<string, ParameterValue> _byName = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<ParameterValue> All => _byName.Values;

    public void Set(ParameterValue value) => _byName[value.Parameter.Name] = value;

    public ParameterValue? Of(ParameterModel parameter) => _byName.GetValueOrDefault(parameter.Name);

    /// <summary>
    /// A member's value; an interface also sees what was given for the member of the class that stands in for its own.
    /// </summary>
    public object? Of(MemberInfo member) =>
        (
            All.FirstOrDefault(v =>
                v.Parameter.Member is { } own && own.Name == member.Name && own.DeclaringType == member.DeclaringType
            )
            ?? All.FirstOrDefault(v =>
                v.Parameter.Member is { DeclaringType.IsInterface: false } own && own.Name == member.Name
            )
        )?.Value;

    /// <summary>A host option's value.</summary>
    public object? Find(string memberName) =>
        All.FirstOrDefault(v => v.Parameter.Member is null && v.Parameter.MemberName == memberName)?.Value;

    public bool Flag(string memberName) => Find(memberName) is true;

    public bool IsHostOption(string memberName) => Find(memberName) is not null;

    public ParameterSource SourceOf(string memberName) =>
        All.FirstOrDefault(v => v.Parameter.MemberName == memberName)?.Source ?? ParameterSource.Default;
}
