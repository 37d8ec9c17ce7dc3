using System.Globalization;
using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>
/// What it costs to start a build that has nothing to do, beside the smallest program of the same runtime.
/// </summary>
internal static class StartupCommand
{
    public const string Usage = "startup [--rounds 15] [--targets 500]";
    private static readonly TimeSpan PublishTime = TimeSpan.FromMinutes(5);

    public static IReadOnlyCollection<string> Known => ["rounds", "targets"];

    /// <returns>0 within the limits, 1 beyond one of them.</returns>
    public static async Task<int> RunAsync(Options options, ICommandRunner runner, CancellationToken cancellationToken)
    {
        var (rounds, targets) = ((int)options.Number("rounds", 15), (int)options.Number("targets", 500));
        if (rounds < 1)
            throw new UsageException("--rounds needs at least 1");
        var repository = Repository();
        var work = Directory.CreateTempSubdirectory("recyclic-startup-").FullName;
        try
        {
            await RunAsync(
                runner,
                cancellationToken,
                Path.Combine(repository, "bench/startup/generate.sh"),
                work,
                $"{targets}"
            );
            await RunAsync(
                runner,
                cancellationToken,
                "dotnet",
                "build",
                Path.Combine(work, "hello"),
                "-c",
                "Release",
                "-o",
                Path.Combine(work, "out"),
                "-v:quiet",
                "-nodeReuse:false"
            );
            StartupSubject hello = new(
                "dotnet hello.dll",
                ["dotnet", Path.Combine(work, "out", "hello.dll")],
                null,
                null
            );
            StartupSubject[] subjects =
            [
                hello,
                new("./build.sh Nop", [Path.Combine(repository, "build.sh"), "Nop"], 0.25, 80),
                new($"./build.sh Nop of {targets} targets", [Path.Combine(work, "build.sh"), "Nop"], 0.4, null),
                new(
                    "./build.sh :complete",
                    [Path.Combine(repository, "build.sh"), ":complete", "./build.sh At"],
                    0.15,
                    null
                ),
            ];
            // Not counted: these build what has to be built, and warm the disk's cache.
            foreach (var subject in subjects)
                await RunAsync(runner, cancellationToken, subject.Command);
            var samples = await MeasureAsync(subjects, rounds, runner, cancellationToken);
            return Report(subjects, samples, rounds);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>In turn, so that what else the machine does meanwhile falls on all of them.</summary>
    private static async Task<Dictionary<StartupSubject, List<StartupSample>>> MeasureAsync(
        StartupSubject[] subjects,
        int rounds,
        ICommandRunner runner,
        CancellationToken cancellationToken
    )
    {
        var samples = subjects.ToDictionary(subject => subject, _ => new List<StartupSample>());
        for (var round = 0; round < rounds; round++)
            foreach (var subject in subjects)
                samples[subject].Add(await StartupSample.TakeAsync(subject, runner, cancellationToken));
        return samples;
    }

    private static int Report(
        StartupSubject[] subjects,
        Dictionary<StartupSubject, List<StartupSample>> samples,
        int rounds
    )
    {
        var hello = Median(samples[subjects[0]].Select(sample => sample.Seconds));
        Console.WriteLine($"{rounds} rounds on {Environment.ProcessorCount} processors");
        Console.WriteLine($"{"", -36}{"median s", 10}{"min", 8}{"max", 8}{"x hello", 9}{"peak MB", 9}");
        var isWithin = true;
        foreach (var subject in subjects)
        {
            var seconds = samples[subject].Select(sample => sample.Seconds).ToArray();
            var (median, memory) = (Median(seconds), samples[subject].Max(sample => sample.PeakMegabytes));
            var beyond =
                median > subject.MostSeconds
                || memory > subject.MostMegabytes
                || (subject.MostMegabytes is not null && median > 8 * hello);
            isWithin &= !beyond;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{subject.Name, -36}{median, 10:0.000}{seconds.Min(), 8:0.000}{seconds.Max(), 8:0.000}{median / hello, 9:0.0}{memory, 9:0}{(beyond ? "  beyond its limit" : "")}"
                )
            );
        }
        return isWithin ? 0 : 1;
    }

    private static double Median(IEnumerable<double> values) =>
        values.Order().ToArray() is var sorted ? (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2 : 0;

    private static async Task RunAsync(
        ICommandRunner runner,
        CancellationToken cancellationToken,
        params string[] command
    ) =>
        (
            await runner.RunAsync(
                Command.Of(command[0], command.Skip(1)) with
                {
                    Timeout = PublishTime,
                },
                cancellationToken
            )
        ).EnsureSuccess();

    private static string Repository()
    {
        for (
            var directory = AppContext.BaseDirectory;
            directory is not null;
            directory = Path.GetDirectoryName(directory)
        )
            if (File.Exists(Path.Combine(directory, "Recyclic.sln")))
                return directory;
        throw new UsageException("startup is to be run in a checkout of the repository");
    }
}

/// <summary>A command to start, with the most it may take; without one it is there to be compared with.</summary>
internal sealed record StartupSubject(string Name, string[] Command, double? MostSeconds, double? MostMegabytes);
