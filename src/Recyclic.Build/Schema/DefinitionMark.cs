using System.Globalization;
using System.Reflection;

namespace Recyclic.Build.Schema;

/// <summary>
/// Tells whether a build class may have another definition than before: the compiler gives an assembly another id when,
/// and only when, its content is another. Reading the ids costs next to nothing.
/// </summary>
internal static class DefinitionMark
{
    public static string Of(Type build)
    {
        var modules = new HashSet<Module> { typeof(DefinitionMark).Module };
        foreach (var component in build.GetInterfaces())
            modules.Add(component.Module);
        for (var type = build; type is not null && type != typeof(object); type = type.BaseType)
            modules.Add(type.Module);
        // Together whatever their order, and as a number: to format an id costs a start a millisecond of compilation.
        Int128 mark = 0;
        foreach (var module in modules)
            mark ^= BitConverter.ToInt128(module.ModuleVersionId.ToByteArray());
        return string.Create(CultureInfo.InvariantCulture, $"{(long)(mark >> 64)} {(long)mark}");
    }
}
