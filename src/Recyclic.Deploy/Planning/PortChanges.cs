using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: ports that two releases have in different modes.</summary>
internal static class PortChanges
{
    public static IEnumerable<string> Notes(Application app, Snapshot now) =>
        now.Current is not { } current
            ? []
            : from route in app.Routes
            from old in now[current.Slot].Routes
            where !route.IsInside && old.Published == route.Published && old.Mode != route.Mode
            group (Old: old.Mode, New: route.Mode) by route.Published into port
            let change = port.First()
            select $"port {port.Key} is {change.Old.Name()} in the release that users have and {change.New.Name()} in this one; each is served in its own way, and an open connection goes on as it began";
}
