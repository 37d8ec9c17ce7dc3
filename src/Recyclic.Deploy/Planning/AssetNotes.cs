using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: what a plan says of the paths that the release before is asked for.</summary>
internal static class AssetNotes
{
    public static IEnumerable<string> Of(Application app, DeployOptions options)
    {
        foreach (var service in app.Services)
            if (service.OldAssets is { } paths)
                yield return app.Routes.Any(route => route.Service == service.Name && route.OldAssets is not null)
                    ? $"where {service.Name} says 404 to a GET or HEAD of {paths.Replace(" ", ", ", StringComparison.Ordinal)}, the edge asks the release before, {HowLong(options)}; such an answer has the header {OldAssets.Header}: previous"
                    : $"{service.Name} has x-recyclic.{OldAssets.Setting}, and no port that is HTTP: it has no effect";
    }

    private static string HowLong(DeployOptions options) =>
        options.KeepAssets is { } time ? $"for {time.TotalMinutes:0.##} min"
        : options.KeepWarm ? "until the next deploy or Retire"
        : "until that is stopped at the end of this deploy (--keep-assets 30m: half an hour later)";
}
