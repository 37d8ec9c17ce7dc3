namespace Recyclic.Build.Schema;

/// <summary>
/// Tells whether a build class may have another definition than before: the compiler gives an assembly another id when, and
/// only when, its content is another. Reading the ids costs next to nothing.
/// </summary>
internal static class DefinitionMark
{
    public static string Of(Type build)
    {
        var types = new List<Type>(build.GetInterfaces()) { typeof(DefinitionMark) };
        for (var type = build; type is not null && type != typeof(object); type = type.BaseType) types.Add(type);
        return string.Join(' ', types.Select(type => type.Module.ModuleVersionId.ToString("N")).Distinct().Order(StringComparer.Ordinal));
    }
}
