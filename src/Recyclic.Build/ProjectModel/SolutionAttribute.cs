using System.Reflection;
using Recyclic.Build.Adapters;
using Recyclic.Build.Running;

namespace Recyclic.Build.ProjectModel;

/// <summary>
/// Fills a member of type <see cref="Solution"/>: with the file that <c>--solution</c>, <c>RECYCLIC_SOLUTION</c> or
/// <c>"Solution"</c> of a parameters file names (after the member's name), or else with that of the attribute, or else
/// with the only <c>.sln</c> or <c>.slnx</c> in the root directory. Where there is none, or there are several, nothing
/// runs, and the exit code is 2. </summary>
/// <param name="path">The file, relative to the root directory; default: the only one there.</param>
public sealed class SolutionAttribute(string? path = null) : ValueInjectionAttributeBase
{
    /// <summary>The file, relative to the root directory; null: the only one there.</summary>
    public string? Path { get; } = path;

    internal override Type ParameterType => typeof(AbsolutePath);

    internal override string ParameterDescription => "The solution file; default: the only one in the root directory";

    /// <inheritdoc/>
    /// <exception cref="TargetFailedException">There is no such file, or it cannot be read.</exception>
    public override object? GetValue(MemberInfo member, object instance)
    {
        ArgumentNullException.ThrowIfNull(member);
        var session = BuildSession.Current;
        var option =
            session.Values.All.FirstOrDefault(v => v.Parameter.IsMadeOf && v.Parameter.MemberName == member.Name)?.Value
            as AbsolutePath;
        var named = option ?? (Path is null ? null : session.RootDirectory / Path);
        return SolutionFiles.Read(
            named ?? SolutionFiles.Only(session.RootDirectory, Parameters.ParameterNames.Kebab(member.Name))
        );
    }
}
