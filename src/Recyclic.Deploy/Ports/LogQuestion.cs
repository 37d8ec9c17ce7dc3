namespace Recyclic.Deploy.Ports;

/// <summary>Which lines of a container's log are wanted.</summary>
public sealed record LogQuestion
{
    /// <summary>From this moment of the host's clock on; null: from the beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>At most so many of those that are there; null: all.</summary>
    public int? Last { get; init; }

    /// <summary>Whether what comes is wanted too, until the container ends; default: false.</summary>
    public bool Follows { get; init; }
}
