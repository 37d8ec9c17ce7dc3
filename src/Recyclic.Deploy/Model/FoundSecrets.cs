using System.Text.Json.Nodes;
using Recyclic.Processes;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: the values that may be secrets in what compose made of the team's files: `environment` with `env_file` and
/// `.env` filled in, arguments of builds, and what `secrets` hold.
/// </summary>
internal static class FoundSecrets
{
    /// <param name="isPublic">Whether a text is on every page anyway; see <see cref="PublicIn"/>.</param>
    public static IEnumerable<FoundValue> In(ComposeModel compose, Func<string, bool> isPublic) =>
        Values(compose).Select(value => value with { IsPublic = isPublic(value.Value) });

    /// <summary>What a container's `NAME=value` say.</summary>
    public static IEnumerable<FoundValue> In(IEnumerable<string> variables, Func<string, bool> isPublic) =>
        from variable in variables
        let sign = variable.IndexOf('=', StringComparison.Ordinal)
        where sign > 0
        let value = variable[(sign + 1)..]
        select new FoundValue(variable[..sign], value) { IsPublic = isPublic(value) };

    /// <summary>What no text is readable without: names of services, hosts and projects, images and their tags.</summary>
    public static Func<string, bool> PublicIn(ComposeModel compose)
    {
        var services = compose.Resolved["services"] as JsonObject ?? [];
        var images = services.Select(service => service.Value.At("image").AsText()).OfType<string>().ToList();
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        names.UnionWith(services.Select(service => service.Key));
        names.UnionWith(
            services
                .SelectMany(service => new[] { service.Value.At("hostname"), service.Value.At("container_name") })
                .Append(compose.Resolved["name"])
                .Select(name => name.AsText())
                .OfType<string>()
        );
        foreach (var list in new[] { "networks", "volumes", "configs", "secrets" })
            names.UnionWith((compose.Resolved[list] as JsonObject ?? []).Select(entry => entry.Key));
        return text =>
            names.Contains(text.Trim())
            || images.Exists(image => image.Contains(text.Trim(), StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<FoundValue> Values(ComposeModel compose)
    {
        foreach (var (_, service) in compose.Resolved["services"] as JsonObject ?? [])
        foreach (var map in new[] { service.At("environment"), service.At("build").At("args") })
        foreach (var (name, value) in map as JsonObject ?? [])
            if (value is not null)
                yield return new FoundValue(name, Plain(value.ToString()));
        foreach (var (name, secret) in compose.Resolved["secrets"] as JsonObject ?? [])
        {
            if (secret.At("content").AsText() is { } content)
                yield return new FoundValue(name, Plain(content)) { IsSecret = true };
            if (
                secret.At("environment").AsText() is { } variable
                && compose.Variables.GetValueOrDefault(variable) is { } value
            )
                yield return new FoundValue(variable, value) { IsSecret = true };
        }
    }

    /// <summary>A compose model doubles a dollar sign that is meant as such.</summary>
    private static string Plain(string value) => value.Replace("$$", "$", StringComparison.Ordinal);
}
