namespace Recyclic.Build.Parameters;

/// <summary>A value that somebody gave.</summary>
internal sealed record ParameterValue(ParameterModel Parameter, object? Value, ParameterSource Source);

/// <summary>All values that were given, by member.</summary>
internal sealed class ParameterValues
{
    private readonly Dictionary<string, ParameterValue> _byMember = [];

    public IEnumerable<ParameterValue> All => _byMember.Values;

    public void Set(ParameterValue value) => _byMember[value.Parameter.MemberName] = value;

    public object? Find(string memberName) => _byMember.GetValueOrDefault(memberName)?.Value;

    public bool Flag(string memberName) => Find(memberName) is true;

    public bool IsHostOption(string memberName) => _byMember.TryGetValue(memberName, out var value) && value.Parameter.Member is null;

    public ParameterSource SourceOf(string memberName) => _byMember.GetValueOrDefault(memberName)?.Source ?? ParameterSource.Default;
}
