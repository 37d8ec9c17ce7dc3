using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>The comparison on the command line.</summary>
internal static class CompareCommand
{
    public const string Usage =
        "compare [--rounds 5] [--peers floor,compose,swarm,bash,recyclic] [--before REPOSITORY] [--results bench/results] [--keep-images]";

    public static IReadOnlyCollection<string> Known => ["rounds", "peers", "before", "results", "keep-images!"];

    public static async Task<int> RunAsync(Options options, ICommandRunner runner, CancellationToken cancellationToken)
    {
        var workshop = new Workshop(runner, RepositoryRoot());
        var peers = Chosen(options.Text("peers", "floor,compose,swarm,bash,recyclic"), options.All("before"), workshop);
        var rounds = (int)options.Number("rounds", 5);
        if (rounds is < 1 or > 50)
            throw new UsageException("--rounds must be 1 to 50");

        foreach (var swarm in peers.OfType<SwarmPeer>())
            await swarm.RefuseWhereOthersRunAsync(cancellationToken);
        var images = new StackImages(workshop);
        try
        {
            Console.Error.WriteLine("building the images");
            await images.BuildAsync(cancellationToken);
            await using var events = new HealthEvents(runner);
            var comparison = new Comparison(peers, events, Console.Error.WriteLine);
            var figures = await comparison.RunAsync(rounds, cancellationToken);
            var report = new Report(
                await CircumstancesAsync(workshop, cancellationToken),
                [.. peers.Select(peer => (peer.Name, peer.Title))],
                figures,
                [
                    .. comparison.Problems.Select(problem =>
                        problem.Replace(workshop.Root + "/", "", StringComparison.Ordinal)
                    ),
                ]
            );
            var page = await ReportFiles.WriteAsync(
                report,
                Path.Combine(workshop.Root, options.Text("results", "bench/results")),
                cancellationToken
            );
            Console.WriteLine(report.ToMarkdown());
            Console.Error.WriteLine($"written to {page}");
            return comparison.Problems.Count == 0 ? 0 : 1;
        }
        finally
        {
            if (!options.Has("keep-images"))
                await images.RemoveAsync(CancellationToken.None);
        }
    }

    private static IReadOnlyList<IPeer> Chosen(string names, IReadOnlyList<string> before, Workshop workshop)
    {
        IPeer[] all =
        [
            new FloorPeer(workshop),
            new ComposePeer(workshop),
            new SwarmPeer(workshop),
            new BashPeer(workshop),
            new RecyclicPeer(workshop),
            .. before.TakeLast(1).Select(root => new RecyclicPeer(workshop, Path.GetFullPath(root))),
        ];
        return
        [
            .. names
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(name =>
                    all.FirstOrDefault(peer => peer.Name == name)
                    ?? throw new UsageException(
                        $"No peer \"{name}\"; there are {string.Join(", ", all.Select(peer => peer.Name))}"
                    )
                ),
        ];
    }

    private static async Task<Circumstances> CircumstancesAsync(Workshop workshop, CancellationToken cancellationToken)
    {
        var engine = (
            await workshop.DockerAsync(["version", "--format", "{{.Server.Version}}"], cancellationToken)
        ).EnsureSuccess();
        var model = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        var arguments = string.Join(' ', Environment.GetCommandLineArgs().Skip(1));
        return new Circumstances(
            DateTimeOffset.UtcNow,
            model?.Split(':')[1].Trim() ?? "unknown processor",
            Environment.ProcessorCount,
            engine.StandardOutput.Trim(),
            $"dotnet run -c Release --project bench/Recyclic.Bench -- {arguments}"
        );
    }

    /// <summary>The directory above that holds the solution, wherever the command is run from.</summary>
    public static string RepositoryRoot()
    {
        for (
            var directory = new DirectoryInfo(Environment.CurrentDirectory);
            directory is not null;
            directory = directory.Parent
        )
            if (File.Exists(Path.Combine(directory.FullName, "Recyclic.sln")))
                return directory.FullName;
        throw new UsageException("Run the comparison inside the repository.");
    }
}
