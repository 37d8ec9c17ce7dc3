using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: a page that was open before the switch asks for scripts by the old release's names. For some paths the edge
/// asks the release that serves, and where that says 404, the one before, as long as it runs.
/// </summary>
/// <remarks>
/// HAProxy repeats a request that was answered 404 at another server of its backend. Here there are two: one leads to all
/// containers of what serves, and is always asked first, the other to those of the release before.
/// </remarks>
internal static partial class OldAssets
{
    /// <summary>The setting below `x-recyclic`.</summary>
    public const string Setting = "old-assets";

    /// <summary>Of the backends that ask two releases; behind it stands the name of the one that is asked first.</summary>
    internal const string Prefix = "assets-";

    /// <summary>What an answer of the release before says.</summary>
    public const string Header = "X-Recyclic-Release";

    /// <summary>The paths of a setting, one or a list, with spaces between them; null: it says nothing that could be
    /// obeyed.</summary>
    public static string? Read(JsonNode? given)
    {
        List<string?> paths = given switch
        {
            JsonArray list => [.. list.Select(path => path.AsText())],
            JsonValue value => [value.AsText()],
            _ => [],
        };
        return paths.Count > 0 && paths.All(path => path is not null && Path().IsMatch(path))
            ? string.Join(' ', paths)
            : null;
    }

    /// <summary>Whether a text is what <see cref="Read"/> gives: it goes into the edge's configuration.</summary>
    public static bool IsValid(string paths) => paths.Split(' ').All(path => Path().IsMatch(path));

    /// <summary>
    /// The same application, whose routes that can be told by their paths have what its file says of each service.
    /// </summary>
    public static ImmutableArray<Route> Said(IEnumerable<Route> routes, IReadOnlyCollection<ReleaseService> services) =>
        [
            .. routes.Select(route =>
                route with
                {
                    OldAssets =
                        route.Mode == RouteMode.Tcp || route.HttpsPort is not null
                            ? null
                            : services.FirstOrDefault(service => service.Name == route.Service)?.OldAssets,
                }
            ),
        ];

    /// <summary>The routes of a release that has none before it, or whose successor is not there yet.</summary>
    public static ImmutableArray<Route> Without(ImmutableArray<Route> routes) =>
        [.. routes.Select(route => route with { OldAssets = null })];

    /// <summary>Lines of a frontend, before those that lead all requests of a route to its backend.</summary>
    /// <param name="all">All routes of the frontend.</param>
    /// <param name="conditions">Those of the route.</param>
    public static string Uses(
        ImmutableArray<(Slot Slot, Route Route)> all,
        (Slot Slot, Route Route) one,
        int index,
        string conditions,
        Func<Slot, Route, string> backend
    )
    {
        if (one.Route.OldAssets is not { } paths || Before(all, one) is not { } before)
            return "";
        var text = new StringBuilder();
        foreach (var path in paths.Split(' '))
            text.Append(
                path.EndsWith("/*", StringComparison.Ordinal)
                    ? $"    acl assets{index} path_beg {path[..^1]}\n"
                    : $"    acl assets{index} path {path}\n"
            );
        return text.Append(
                $"    use_backend {NameOf(backend(one.Slot, one.Route))} if {conditions} assets{index} {{ method GET HEAD }} {{ nbsrv({backend(before.Slot, before.Route)}) gt 0 }}\n"
            )
            .ToString();
    }

    /// <summary>What <see cref="Uses"/> leads to.</summary>
    public static string Backends(
        IEnumerable<ImmutableArray<(Slot Slot, Route Route)>> frontends,
        Func<ImmutableArray<(Slot Slot, Route Route)>, Slot, Route, string> backend
    ) =>
        string.Concat(
            (
                from routes in frontends
                from one in routes
                where one.Route.OldAssets is not null
                let before = Before(routes, one)
                where before is not null
                select (
                    Serving: backend(routes, one.Slot, one.Route),
                    Before: backend(routes, before.Value.Slot, before.Value.Route)
                )
            )
                .DistinctBy(pair => pair.Serving)
                .OrderBy(pair => pair.Serving, StringComparer.Ordinal)
                .Select(pair => Text(pair.Serving, pair.Before))
        );

    /// <summary>
    /// What the release before does not have either, or cannot answer, is not found, whatever went wrong there.
    /// </summary>
    private static string Text(string serving, string before) =>
        $"""

            backend {NameOf(serving)}
                retry-on 404
                retries 1
                use-server serving if {"{"} always_true {"}"}
                server serving abns@recyclic-serving-{serving} weight 0
                server previous abns@recyclic-previous-{serving} weight 1

            frontend serving-{serving}
                no log
                bind abns@recyclic-serving-{serving}
                default_backend {serving}

            frontend previous-{serving}
                no log
                bind abns@recyclic-previous-{serving}
                http-after-response set-header {Header} previous if {"{"} status lt 400 {"}"}
                http-after-response set-status 404 if {"{"} status ge 400 {"}"}
                default_backend {before}

            """;

    private static string NameOf(string serving) => Prefix + serving;

    private static (Slot Slot, Route Route)? Before(
        ImmutableArray<(Slot Slot, Route Route)> all,
        (Slot Slot, Route Route) one
    ) =>
        all.Where(other =>
                other.Slot != one.Slot
                && other.Route.Service == one.Route.Service
                && other.Route.Mode != RouteMode.Tcp
                && other.Route.HttpsPort is null
            )
            .Select(other => ((Slot, Route)?)other)
            .FirstOrDefault();

    [GeneratedRegex(@"\A(/[A-Za-z0-9._~-]+)+(/\*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Path();
}
