using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

/// <summary>A container as it was found, before it is known whose it is.</summary>
/// <param name="ImageLabels">The labels that its image brings.</param>
/// <param name="ImageName">What its image is called.</param>
internal sealed record FoundContainer(
    Container Container,
    ImmutableDictionary<string, string> ImageLabels,
    string ImageName,
    DateTimeOffset? Created
)
{
    /// <summary>The same, for a person, when it turns out to be somebody else's.</summary>
    public Stranger AsStranger() =>
        Stranger("container", Container.Name, Container.Id, Container.Labels, ImageLabels, ImageName, Created);

    /// <param name="imageLabels">Empty: there is no image that could bring labels, or they are not known.</param>
    public static Stranger Stranger(
        string kind,
        string name,
        string id,
        ImmutableDictionary<string, string> labels,
        ImmutableDictionary<string, string> imageLabels,
        string imageName,
        DateTimeOffset? created
    )
    {
        var project = labels.GetValueOrDefault("com.docker.compose.project");
        var app = labels.GetValueOrDefault(Naming.AppLabel);
        var owner =
            project is not null && Ownership.IsComposes(project, labels, imageLabels)
                ? $"made by the compose project {PrintableText.Of(project, 60)}"
            : app is not null && !imageLabels.ContainsKey(Naming.AppLabel)
                ? $"labelled as one of the application {PrintableText.Of(app, 60)}"
            : imageName.Length > 0 ? $"made of the image {PrintableText.Of(imageName, 100)}"
            : "made by somebody else";
        return new Stranger(
            kind,
            name,
            id,
            owner,
            created,
            project,
            labels.GetValueOrDefault("com.docker.compose.service")
        )
        {
            Image = imageName,
        };
    }
}

/// <summary>Pure: whose the things are that a host has near an application.</summary>
/// <param name="Ours">Containers that Recyclic made for it, of every role.</param>
/// <param name="Accessories">Containers that compose made for the application's own project.</param>
/// <param name="InTheWay">What others have made in the place of something of the application's.</param>
/// <param name="Pretenders">Containers that only say that they are the application's.</param>
internal sealed record HostSorting(
    ImmutableArray<Container> Ours,
    ImmutableArray<Container> Accessories,
    ImmutableArray<Stranger> InTheWay,
    ImmutableArray<Stranger> Pretenders
)
{
    /// <param name="ownership">Null: the application is new to the host, so nothing there is its own.</param>
    public static HostSorting Of(Naming naming, Ownership? ownership, IReadOnlyCollection<FoundContainer> found)
    {
        var ours = found
            .Where(each => ownership?.OwnsContainer(each.Container.Labels, each.ImageLabels) == true)
            .ToList();
        var others = found.Except(ours).ToList();
        var accessories = others
            .Where(each =>
                IsOfProject(each) && Ownership.IsComposes(naming.App, each.Container.Labels, each.ImageLabels)
            )
            .ToList();
        string[] slots = [naming.SlotProject(Slot.Blue), naming.SlotProject(Slot.Green)];
        var hasEdge = ours.Any(each => each.Container.Label(Naming.RoleLabel) == Naming.EdgeRole);
        var inTheWay = others
            .Except(accessories)
            .Where(each =>
                !hasEdge && each.Container.Name == naming.EdgeContainer
                || IsOfProject(each)
                || slots.Contains(each.Container.Label("com.docker.compose.project"))
            )
            .ToList();
        var pretenders = others.Except(inTheWay).Where(each => each.Container.Label(Naming.AppLabel) == naming.App);
        return new HostSorting(
            Sorted(ours),
            Sorted(accessories),
            [.. inTheWay.Select(each => each.AsStranger())],
            [.. pretenders.Select(each => each.AsStranger())]
        );

        // One that compose ran once for a person is nobody's accessory, and compose does not count it.
        bool IsOfProject(FoundContainer each) =>
            each.Container.Label("com.docker.compose.project") == naming.App
            && each.Container.Label("com.docker.compose.oneoff") == "False";
    }

    private static ImmutableArray<Container> Sorted(IEnumerable<FoundContainer> containers) =>
        [.. containers.Select(each => each.Container).OrderBy(container => container.Name, StringComparer.Ordinal)];
}
