using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Pure: what an object must be, by its labels, before it is changed for an application.</summary>
/// <param name="App">Whose lock the change needs.</param>
/// <param name="What">What is expected, for a person.</param>
internal sealed record ExpectedLabels(string App, string What, Func<HostObject, bool> AreThoseOf)
{
    /// <summary>That Recyclic made it for the application, for one of these purposes.</summary>
    /// <param name="roles">See <see cref="Naming.RoleLabel"/>; none: for any.</param>
    public static ExpectedLabels Ours(Ownership ownership, params ImmutableArray<string> roles) =>
        new(
            ownership.App,
            $"one that was made for {ownership.App}{(roles.IsEmpty ? "" : $" as {string.Join(" or ", roles)}")}",
            found =>
                ownership.OwnsContainer(found.Labels, found.ImageLabels)
                && (roles.IsEmpty || roles.Contains(found.Labels.GetValueOrDefault(Naming.RoleLabel, "")))
        );

    /// <summary>That compose made it for the application's own project, as it does its accessories.</summary>
    public static ExpectedLabels OfCompose(string app) =>
        new(
            app,
            $"one that compose made for the project {app}",
            found => Ownership.IsComposes(app, found.Labels, found.ImageLabels)
        );
}
