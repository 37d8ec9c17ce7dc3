using System.Collections.Immutable;

namespace Recyclic.Deploy.Smoke;

/// <summary>
/// One smoke test: what a new release must do before it gets traffic, and again where users come in. It is tried a
/// bounded number of times, each with a deadline.
/// </summary>
/// <param name="Name">What plan, journal and failures call it; no other test of the set has it.</param>
public abstract record ReleaseTest(string Name)
{
    /// <summary>How often it is tried before it has failed, 1 to 20; default 3.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>Between two tries; default 1 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one try may take; up to 30 min.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it takes at most, tries and pauses.</summary>
    public TimeSpan Longest => Tries * Deadline + (Tries - 1) * Pause;

    /// <summary>The service that it needs; null: none in particular.</summary>
    public virtual string? Service => null;

    /// <summary>What it asks for, in one line, without its name.</summary>
    private protected abstract string Expects { get; }

    /// <summary>Why it cannot be one; null: it can.</summary>
    internal virtual string? Problem =>
        Tries is < 1 or > 20 ? $"it is tried {Tries} times"
        : Deadline <= TimeSpan.Zero || Deadline > TimeSpan.FromMinutes(30) ? $"a try has {Deadline.TotalSeconds:0.#} s"
        : Pause < TimeSpan.Zero || Pause > TimeSpan.FromMinutes(5)
            ? $"it pauses for {Pause.TotalSeconds:0.#} s between tries"
        : null;

    /// <summary>The whole test as a line of the plan.</summary>
    public string Describe() =>
        $"smoke test {Name}: {Expects}; {(Tries == 1 ? "one try" : $"{Tries} tries")} of at most {Deadline.TotalSeconds:0.#} s";

    /// <inheritdoc/>
    public sealed override string ToString() => Describe();
}

/// <summary>
/// A command that runs in a container of its own, of a service's new image, on the network of the new release: 0 is
/// passed.
/// </summary>
/// <param name="Name">See <see cref="ReleaseTest"/>.</param>
/// <param name="Of">Whose image, variables and volumes it has.</param>
/// <param name="Words">Program and arguments, in the place of the image's entrypoint and command; no shell reads
/// them.</param>
public sealed record CommandTest(string Name, string Of, ImmutableArray<string> Words) : ReleaseTest(Name)
{
    /// <inheritdoc/>
    public override string Service => Of;

    private protected override string Expects => $"exit code 0, in a container of {Of}";

    internal override string? Problem => Words.IsDefaultOrEmpty ? "it has no command" : base.Problem;

    /// <inheritdoc/>
    public bool Equals(CommandTest? other) =>
        other is not null && base.Equals(other) && Words.SequenceEqual(other.Words);

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>A test in C#: it fails by what it throws.</summary>
/// <param name="Name">See <see cref="ReleaseTest"/>.</param>
/// <param name="Run">Gets the way to the release.</param>
public sealed record CodeTest(string Name, Func<SmokeAddress, CancellationToken, Task> Run) : ReleaseTest(Name)
{
    private protected override string Expects => "C# of the build";
}
