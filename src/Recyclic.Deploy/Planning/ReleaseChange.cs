using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: what is to be said where the file itself is the release, and consists of other services than the one that serves.</summary>
internal static class ReleaseChange
{
    public static IEnumerable<string> Notes(Application app, Snapshot now)
    {
        if (!app.IsFileRelease || now.Current is not { Release: var current }) yield break;
        var (before, after) = (current.Images.Keys.ToList(), app.Services.Select(service => service.Name).ToList());
        if (after.Except(before).ToList() is { Count: > 0 } added) yield return $"released for the first time: {string.Join(", ", added)}";
        if (before.Except(after).ToList() is { Count: > 0 } removed) yield return $"no longer released: {string.Join(", ", removed)}";
    }
}
