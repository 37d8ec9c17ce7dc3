using System.Globalization;

namespace Recyclic.Bench;

/// <summary>Where and how the figures came to be.</summary>
internal sealed record Circumstances(DateTimeOffset At, string Processor, int Cores, string Engine, string Command);

/// <summary>The table of a comparison: medians, and ratios within the run.</summary>
internal sealed record Report(
    Circumstances Circumstances,
    IReadOnlyList<(string Name, string Title)> Peers,
    IReadOnlyList<Measured> Figures,
    IReadOnlyList<string> Problems
)
{
    private const string Yardstick = "swarm";

    public string ToMarkdown() =>
        string.Join(
            '\n',
            [
                $"# Deploys compared, {Circumstances.At:yyyy-MM-dd}",
                "",
                $"{Circumstances.Processor}, {Circumstances.Cores} cores, engine {Circumstances.Engine}. Command: `{Circumstances.Command}`",
                "",
                "Three services of one tiny HTTP server, health check every 5 s with 3 retries, start-up delay 2.0 to 4.8 s over the rounds (it is inside the wall times).",
                "Open-loop client: 500 requests/s, 2 % of them take 1 s in the service, 20 % on a new connection, no retries. Medians; the order of the peers rotates.",
                "Absolute times are of this machine; ratios travel. Switched = every service has answered with the new version. Mixed = how long both versions answered.",
                "Swarm runs behind HAProxy fed by Docker's DNS, not behind its ingress network, so that kernels without IPVS can run the comparison.",
                "",
                "| what | failed requests | wall of a deploy | Swarm = 1.00 | wall of the way back | Swarm = 1.00 | ready → switched | mixed | p99 | a version that is never healthy |",
                "|---|---|---|---|---|---|---|---|---|---|",
                .. Peers.Select(Row),
                "",
                .. Problems.Select(problem => $"Not measured: {problem.ReplaceLineEndings(" ")}"),
            ]
        );

    private string Row((string Name, string Title) peer)
    {
        var good = Figures.Where(figure => figure.Peer == peer.Name && figure.Kind != Kind.Broken).ToList();
        if (good.Count == 0)
            return $"| {peer.Title} | not measured |";
        var misses = good.Count(figure => figure.ExitCode != 0);
        string[] cells =
        [
            peer.Title,
            Text($"{good.Sum(figure => figure.Failed):N0} of {good.Sum(figure => figure.Sent):N0} in {good.Count} runs")
                + (misses > 0 ? $"; {misses} runs exited with an error" : ""),
            Seconds(Wall(peer.Name, Kind.Deploy)),
            Ratio(peer.Name, Kind.Deploy),
            Seconds(Wall(peer.Name, Kind.Rollback)),
            Ratio(peer.Name, Kind.Rollback),
            Range(good.Where(figure => figure.Kind == Kind.Deploy).Select(figure => figure.ReadyToSwitchedMs)),
            Range(good.Select(figure => figure.MixedMs)),
            Text($"{Statistics.Median(good.Select(figure => figure.P99Ms)):0.0} ms"),
            Broken(peer.Name),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private string Broken(string peer) =>
        Figures.FirstOrDefault(figure => figure.Peer == peer && figure.Kind == Kind.Broken) is not { } broken
            ? "–"
            : Text($"exit {broken.ExitCode} after {broken.WallSeconds:0.0} s, {broken.Failed:N0} failed, ")
                + (broken.ServesAtTheEnd.IsEmpty ? "site down" : $"{string.Join("+", broken.ServesAtTheEnd)} serves");

    private double? Wall(string peer, Kind kind) =>
        Statistics.Median(
            Figures.Where(figure => figure.Peer == peer && figure.Kind == kind).Select(figure => figure.WallSeconds)
        );

    private string Ratio(string peer, Kind kind) =>
        Wall(peer, kind) / Wall(Yardstick, kind) is { } ratio ? Text($"{ratio:0.00}") : "–";

    private static string Seconds(double? seconds) => seconds is { } known ? Text($"{known:0.0} s") : "–";

    private static string Range(IEnumerable<double?> milliseconds)
    {
        double[] known = [.. milliseconds.OfType<double>().Order()];
        return known.Length == 0 ? "–" : Text($"{Statistics.Median(known):N0} ms ({known[0]:N0}–{known[^1]:N0})");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
