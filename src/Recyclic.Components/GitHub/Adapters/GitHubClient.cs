using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Components.Gates;

namespace Recyclic.Components.GitHub.Adapters;

/// <summary>GitHub by its REST interface; the few calls that a deploy needs.</summary>
internal sealed class GitHubClient(GitHubSettings settings, TimeProvider time) : IGitHub, IDisposable
{
    /// <summary>GitHub's limit for a status's description.</summary>
    private const int LongestDescription = 140;

    private readonly GitHubTransport _transport = new(settings, time);

    public async Task<CommitChecks> ReadChecksAsync(string commit, CancellationToken cancellationToken)
    {
        var runs = await _transport.ReadAllAsync($"/commits/{commit}/check-runs?per_page=100&filter=latest", "check_runs", cancellationToken);
        var statuses = await _transport.ReadAllAsync($"/commits/{commit}/status?per_page=100", "statuses", cancellationToken);
        var all = runs.Where(run => Text(run["status"]) == "completed" || !IsOwn(run)).Select(run => (Name: Text(run["name"]), State: Text(run["status"]) == "completed" ? StateOf(Text(run["conclusion"])) : 0))
            // Our own statuses say how a deploy went, not how good the commit is.
            .Concat(statuses.Where(status => !Text(status["context"]).StartsWith(GitHubRecord.ContextPrefix, StringComparison.Ordinal)).Select(status => (Name: Text(status["context"]), State: Text(status["state"]) == "pending" ? 0 : StateOf(Text(status["state"])))))
            .ToLookup(check => check.State, check => check.Name);
        return new CommitChecks([.. all[1]], [.. all[0]], [.. all[-1]]);

        static int StateOf(string conclusion) => conclusion is "success" or "neutral" or "skipped" ? 1 : -1;
    }

    public async Task<ImmutableArray<string>> ReadOpenIssuesAsync(IEnumerable<string> labels, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<long, string>();
        // Several labels in one query would mean all of them.
        foreach (var label in labels)
            foreach (var issue in await _transport.ReadAllAsync($"/issues?state=open&per_page=100&labels={Uri.EscapeDataString(label)}", null, cancellationToken))
                if (issue["pull_request"] is null) found[issue["number"]!.GetValue<long>()] = Text(issue["title"]);
        return [.. found.Select(issue => $"#{issue.Key} {issue.Value}")];
    }

    public async Task<string?> ReadAuthorAsync(string commit, CancellationToken cancellationToken) =>
        (await _transport.ReadAsync($"/commits/{commit}", cancellationToken))?["author"]?["login"]?.ToString();

    public async Task<string?> ReadReviewerAsync(string run, IReadOnlyCollection<string> environments, CancellationToken cancellationToken)
    {
        var reviews = await _transport.ReadAsync($"/actions/runs/{run}/approvals", cancellationToken) as JsonArray ?? [];
        return reviews.LastOrDefault(review => Text(review?["state"]) == "approved"
            && (review!["environments"] as JsonArray ?? []).Any(named => environments.Contains(Text(named?["name"]), StringComparer.OrdinalIgnoreCase)))?["user"]?["login"]?.ToString();
    }

    public async Task<long> CreateDeploymentAsync(string commit, string environment, string description, CancellationToken cancellationToken)
    {
        var answer = await _transport.WriteAsync("/deployments", new JsonObject
        {
            ["ref"] = commit,
            ["environment"] = environment,
            ["description"] = Cut(description),
            ["auto_merge"] = false,
            // What must be green is for the gates to say.
            ["required_contexts"] = new JsonArray(),
            ["production_environment"] = environment == "production",
        }, cancellationToken);
        return answer["id"]?.GetValue<long>() ?? throw new GitHubException("POST /deployments: GitHub made no deployment");
    }

    public Task SetDeploymentAsync(long id, DeploymentState state, string description, string? url, string? log, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["state"] = state switch { DeploymentState.InProgress => "in_progress", var other => other.ToString().ToLowerInvariant() },
            ["description"] = Cut(description),
        };
        if (url is not null) body["environment_url"] = url;
        if (log is not null) body["log_url"] = log;
        return _transport.WriteAsync(FormattableString.Invariant($"/deployments/{id}/statuses"), body, cancellationToken);
    }

    public Task SetCommitStatusAsync(string commit, string context, string state, string description, string? url, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["state"] = state, ["context"] = context, ["description"] = Cut(description) };
        if (url is not null) body["target_url"] = url;
        return _transport.WriteAsync($"/statuses/{commit}", body, cancellationToken);
    }

    public async Task<string?> ReadLastReleaseAsync(CancellationToken cancellationToken) =>
        (await _transport.ReadAsync("/releases/latest", cancellationToken))?["tag_name"]?.ToString();

    public Task CreateReleaseAsync(string tag, string commit, string notes, CancellationToken cancellationToken) =>
        _transport.WriteAsync("/releases", new JsonObject { ["tag_name"] = tag, ["target_commitish"] = commit, ["name"] = tag, ["body"] = notes }, cancellationToken);

    public void Dispose() => _transport.Dispose();

    private bool IsOwn(JsonNode check) => settings.Run is { } run && Text(check["details_url"]).Contains($"/actions/runs/{run}/", StringComparison.Ordinal);

    private static string Cut(string text) => text.Length <= LongestDescription ? text : text[..(LongestDescription - 1)] + "…";

    private static string Text(JsonNode? node) => node?.ToString() ?? "";
}
