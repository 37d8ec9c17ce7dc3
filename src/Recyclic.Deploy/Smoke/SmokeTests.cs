using System.Collections.Immutable;

namespace Recyclic.Deploy.Smoke;

/// <summary>
/// The smoke tests of a release, in the order in which they run. Built from <see cref="None"/>:
/// <code>_ => _.Http("/health", h => h.JsonPath("$.status", "ok")).Command("api", "dotnet", "Smoke.dll")</code>
/// </summary>
public sealed record SmokeTests
{
    private SmokeTests(ImmutableArray<ReleaseTest> all) => All = all;

    /// <summary>No test: a deploy has no step for them.</summary>
    public static SmokeTests None { get; } = new([]);

    /// <summary>In the order in which they run.</summary>
    public ImmutableArray<ReleaseTest> All { get; }

    /// <summary>Why they do not run this time, as a person said; null: they run.</summary>
    public string? Skipped { get; init; }

    /// <summary>Those that run this time.</summary>
    internal ImmutableArray<ReleaseTest> Running => Skipped is null ? All : [];

    /// <summary>Asks a service of the release by HTTP: status 200, unless something else is expected.</summary>
    /// <param name="path">For example `/health`.</param>
    /// <param name="with">What is expected besides; null: nothing.</param>
    public SmokeTests Http(string path, Func<HttpTest, HttpTest>? with = null) =>
        Add((with ?? (test => test))(new HttpTest(path)));

    /// <summary>Runs a command in a container of a service's new image.</summary>
    /// <inheritdoc cref="CommandTest" path="/param"/>
    public SmokeTests Command(string service, params ImmutableArray<string> words) =>
        Command(service, words, test => test);

    /// <inheritdoc cref="Command(string, ImmutableArray{string})"/>
    /// <param name="with">Tries and deadlines.</param>
    public SmokeTests Command(string service, ImmutableArray<string> words, Func<CommandTest, CommandTest> with) =>
        Add(
            with(
                new CommandTest(
                    $"{service}: {string.Join(' ', words.IsDefault ? [] : words.Select(Processes.Command.Quote))}",
                    service,
                    words
                )
            )
        );

    /// <summary>Runs C# of the build: it fails by what it throws.</summary>
    /// <param name="name">What plan, journal and failures call it.</param>
    public SmokeTests Code(string name, Func<SmokeAddress, CancellationToken, Task> run) =>
        Code(name, run, test => test);

    /// <inheritdoc cref="Code(string, Func{SmokeAddress, CancellationToken, Task})"/>
    /// <param name="with">Tries and deadlines.</param>
    public SmokeTests Code(
        string name,
        Func<SmokeAddress, CancellationToken, Task> run,
        Func<CodeTest, CodeTest> with
    ) => Add(with(new CodeTest(name, run)));

    /// <inheritdoc/>
    public bool Equals(SmokeTests? other) =>
        other is not null && All.SequenceEqual(other.All) && Skipped == other.Skipped;

    /// <inheritdoc/>
    public override int GetHashCode() => All.Length;

    private SmokeTests Add(ReleaseTest test)
    {
        var name = PrintableText.Of(test.Name, 80);
        var (unique, number) = (name, 1);
        while (All.Any(other => other.Name == unique))
            unique = $"{name} ({++number})";
        return new SmokeTests([.. All, test with { Name = unique }]) { Skipped = Skipped };
    }
}
