using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>A variable that stands for a whole image in a compose file: `image: "${API_IMAGE}"`.</summary>
/// <param name="HasDefault">Whether the file says which image it is where the variable is not set.</param>
internal sealed record ImageVariable(string Name, bool HasDefault);

/// <summary>Pure: variables that are whole images, and what a release sets them to.</summary>
internal static partial class ImageVariables
{
    /// <summary>
    /// Variables that may be the whole image of a service, by the text of compose files. It only proposes: whether one
    /// is, is seen when compose is asked with another value of it.
    /// </summary>
    public static ImmutableArray<ImageVariable> In(IEnumerable<string> texts) =>
        [
            .. texts
                .SelectMany(text => Start().Matches(text).Select(match => At(text, match)))
                .OfType<ImageVariable>()
                .GroupBy(
                    variable => variable.Name,
                    (name, all) => new ImageVariable(name, all.Any(variable => variable.HasDefault))
                ),
        ];

    /// <summary>What a release sets the variables of its services to.</summary>
    /// <param name="variables">By service: the variable that is its image.</param>
    /// <param name="values">What they are set to now; an absent one is not set.</param>
    /// <param name="names">The image's name by service, as the command line has it.</param>
    /// <param name="registry">Put before a name that names no registry; null: none is.</param>
    /// <returns>By variable: the image.</returns>
    /// <exception cref="ConfigurationException">Nothing says which image a variable is, or services want it to be
    /// several.</exception>
    public static ImmutableDictionary<string, string> Set(
        ComposeModel compose,
        ImmutableSortedDictionary<string, ImageVariable> variables,
        IReadOnlyDictionary<string, string> values,
        ImmutableSortedDictionary<string, string> names,
        string tag,
        string? registry
    )
    {
        var problems = new List<ConfigurationProblem>();
        foreach (var name in names.Keys.Where(name => !variables.ContainsKey(name)))
            problems.Add(
                new(
                    "--image",
                    $"the image of {name} is not one variable",
                    $"Name a service whose image is: {(variables.IsEmpty ? "there is none" : string.Join(", ", variables.Keys))}."
                )
            );
        var images = new Dictionary<string, string>();
        foreach (var (service, variable) in variables)
        {
            var said = names.GetValueOrDefault(service) ?? compose.Extensions[service].At("image").AsText();
            var value = values.GetValueOrDefault(variable.Name) is { Length: > 0 } set ? set : null;
            if (!IsWanted(compose, service, said, value))
                continue;
            if (said is null && value is null && variable.HasDefault)
                continue;
            if ((said ?? value ?? Assumed(service)) is not { } image)
                problems.Add(
                    new(
                        $"{compose.File}: services.{service}",
                        $"its image is the variable {variable.Name}, which is not set, so nothing says which image it is",
                        $"Give its name, to which the release adds its tag: --image {service}=<name>; or in the file: x-recyclic: {{ image: <name> }}."
                    )
                );
            else if (image.Contains('@', StringComparison.Ordinal))
                problems.Add(
                    new(
                        $"{compose.File}: services.{service}",
                        $"its image is the variable {variable.Name}, which is {PrintableText.Of(image, 120)}: a digest has no tag",
                        $"Set it to a name, to which the release adds its tag, or give that: --image {service}=<name>."
                    )
                );
            else if (!Name().IsMatch(WithoutTag(image)))
                problems.Add(
                    new(
                        $"{compose.File}: services.{service}",
                        $"'{PrintableText.Of(image, 120)}' cannot be an image's name",
                        "Write for example registry.example/team/api, without a tag."
                    )
                );
            else if (
                InRegistry($"{WithoutTag(image)}:{tag}", registry) is var wanted
                && images.TryGetValue(variable.Name, out var other)
                && other != wanted
            )
                problems.Add(
                    new(
                        $"{compose.File}: services.{service}",
                        $"the variable {variable.Name} is to be {wanted} here and {other} for another service",
                        "Use one image for both, or a variable for each."
                    )
                );
            else
                images[variable.Name] = wanted;
        }
        return problems.Count > 0 ? throw new ConfigurationException([.. problems]) : images.ToImmutableDictionary();
    }

    /// <summary>
    /// By service: the variable of an image that nothing names, so that its name is taken to be the service's, as those
    /// who publish such files by a tool name it.
    /// </summary>
    /// <param name="set">What <see cref="Set"/> gave.</param>
    public static ImmutableSortedDictionary<string, string> AssumedBy(
        ComposeModel compose,
        ImmutableSortedDictionary<string, ImageVariable> variables,
        IReadOnlyDictionary<string, string> values,
        ImmutableSortedDictionary<string, string> names,
        ImmutableDictionary<string, string> set
    ) =>
        variables
            .Where(entry =>
                set.ContainsKey(entry.Value.Name)
                && !names.ContainsKey(entry.Key)
                && compose.Extensions[entry.Key].At("image").AsText() is null
                && values.GetValueOrDefault(entry.Value.Name) is null or ""
            )
            .ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Name, StringComparer.Ordinal);

    /// <summary>Null: an image of that name is known, and is no release's; or none can have it.</summary>
    private static string? Assumed(string service) =>
        ImageKinds.Of(service) is null && !service.Any(char.IsAsciiLetterUpper) && Name().IsMatch(service)
            ? service
            : null;

    /// <summary>
    /// The image of a service that is built here and has none in the file: compose's own name for it, with the
    /// release's tag.
    /// </summary>
    public static string OfBuilt(string app, string service, string tag, string? registry) =>
        InRegistry($"{app}-{service}:{tag}", registry);

    /// <summary>
    /// A service that the file or the command line keeps out is not set; nor is one that is known to keep data or to
    /// stand in front, unless it is asked for.
    /// </summary>
    private static bool IsWanted(ComposeModel compose, string service, string? said, string? value)
    {
        if (compose.Asked is { } asked)
            return asked.Contains(service);
        var release = compose.Extensions[service].At("release") is JsonValue given ? given.ToJsonString() : null;
        return release != "false"
            && (release == "true" || said is not null || value is null || ImageKinds.Of(value) is null);
    }

    private static string InRegistry(string image, string? registry) =>
        registry is null
        || image.Split('/') is [var first, _, ..]
            && (
                first.Contains('.', StringComparison.Ordinal)
                || first.Contains(':', StringComparison.Ordinal)
                || first == "localhost"
            )
            ? image
            : $"{registry}/{image}";

    /// <summary>
    /// Where nobody has given a tag, a variable that is set to a whole image is taken as written, unless the image is
    /// built here or its name is given.
    /// </summary>
    public static ImmutableSortedDictionary<string, ImageVariable> WithoutWhole(
        ComposeModel compose,
        ImmutableSortedDictionary<string, ImageVariable> variables,
        IReadOnlyDictionary<string, string> values,
        ImmutableSortedDictionary<string, string> names
    ) =>
        variables.RemoveRange(
            variables
                .Where(entry =>
                    values.GetValueOrDefault(entry.Value.Name) is { } whole
                    && HasTag(whole)
                    && !names.ContainsKey(entry.Key)
                    && compose.Extensions[entry.Key].At("image") is null
                    && compose.Resolved["services"].At(entry.Key).At("build") is null
                )
                .Select(entry => entry.Key)
        );

    /// <summary>Whether an image is named with its tag, or by a digest.</summary>
    private static bool HasTag(string image) =>
        image.Contains('@', StringComparison.Ordinal) || WithoutTag(image) != image;

    private static string WithoutTag(string image) =>
        image.LastIndexOf(':') is var colon && colon > image.LastIndexOf('/') ? image[..colon] : image;

    /// <summary>The variable that an `image:` begins with; null: more than that one expression is its value.</summary>
    private static ImageVariable? At(string text, Match start)
    {
        var (at, braced) = (start.Index + start.Length, start.Groups["brace"].Success);
        var hasDefault = false;
        if (braced)
        {
            hasDefault =
                text.AsSpan(at).StartsWith(":-", StringComparison.Ordinal)
                || text.AsSpan(at).StartsWith("-", StringComparison.Ordinal);
            for (var depth = 1; depth > 0; at++)
            {
                if (at == text.Length || text[at] == '\n')
                    return null;
                if (text[at] == '{')
                    depth++;
                else if (text[at] == '}')
                    depth--;
            }
        }
        var line = text.IndexOf('\n', at) is var end and >= 0 ? text[at..end] : text[at..];
        return End().IsMatch(line) ? new ImageVariable(start.Groups["name"].Value, hasDefault) : null;
    }

    [GeneratedRegex(
        """(?<![\w-])["']?image["']?[ \t]*:[ \t]*["']?\$(?<brace>\{)?(?<name>[A-Za-z_][A-Za-z0-9_]*)""",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Start();

    [GeneratedRegex("""\A["']?[ \t\r]*(#.*|[,}].*)?\r?\z""", RegexOptions.CultureInvariant)]
    private static partial Regex End();

    [GeneratedRegex(
        @"\A[a-zA-Z0-9][a-zA-Z0-9._:-]{0,254}(/[a-z0-9][a-z0-9._-]{0,254}){0,8}\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Name();
}
