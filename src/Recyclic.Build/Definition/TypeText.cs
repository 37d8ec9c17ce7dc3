namespace Recyclic.Build.Definition;

/// <summary>A type as in the source.</summary>
internal static class TypeText
{
    public static string Of(Type type) =>
        type switch
        {
            { IsArray: true } => Of(type.GetElementType()!) + "[]",
            _ when Nullable.GetUnderlyingType(type) is { } value => Of(value) + "?",
            { IsGenericType: true } =>
                $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>",
            _ when type == typeof(string) => "string",
            _ when type == typeof(bool) => "bool",
            _ when type == typeof(int) => "int",
            _ when type == typeof(long) => "long",
            _ when type == typeof(double) => "double",
            _ when type == typeof(decimal) => "decimal",
            _ when type == typeof(object) => "object",
            _ => type.Name,
        };
}
