using System.Collections.Immutable;

namespace Recyclic.Workflows;

/// <summary>A container that a job runs in, or that runs beside it.</summary>
/// <param name="Image">Its image; on GitHub it may have an expression, such as <c>postgres:${{ matrix.postgres
/// }}</c>.</param>
public sealed record Container(string Image)
{
    /// <summary>Its variables; default: none.</summary>
    public Env Env { get; init; } = Env.None;

    /// <summary>
    /// Ports, as docker has them: <c>5432:5432</c>, or <c>5432/tcp</c> for one that the machine chooses; default: none.
    /// </summary>
    public ImmutableArray<string> Ports { get; init; } = [];

    /// <summary>Volumes, as docker has them: <c>data:/var/lib/data</c>; default: none.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Further options of docker create, such as a health check; default: none.</summary>
    public string? Options { get; init; }

    /// <summary>Who may pull the image; default: everybody.</summary>
    public Credentials? Credentials { get; init; }
}

/// <summary>A container beside a job: <c>new Service("db", new("postgres:17") { Ports = ["5432:5432"] })</c>.</summary>
/// <param name="Name">By which the job reaches it where it runs in a container itself, and on GitLab; letters, digits,
/// <c>-</c> and <c>_</c>.</param>
/// <param name="Container">What runs.</param>
public sealed record Service(string Name, Container Container);

/// <summary>Who may pull an image.</summary>
/// <param name="UserVariable">The repository's variable that has the user's name.</param>
/// <param name="PasswordSecret">The secret that has the password.</param>
public sealed record Credentials(string UserVariable, string PasswordSecret);
