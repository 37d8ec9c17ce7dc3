using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Recyclic.Components.GitHub;

namespace Recyclic.Components.Tests.Gates;

/// <summary>GitHub on loopback that answers well, but for the one interface that it is told to spoil.</summary>
internal sealed class LoopbackGitHub : IAsyncDisposable
{
    /// <summary>Each way of not answering that a gate may meet.</summary>
    public static readonly string[] Failures = ["unreachable", "html", "rate-limit", "500", "slow", "nonsense"];

    private readonly ConcurrentDictionary<string, Reply> _replies = new();
    private readonly TaskCompletionSource _over = new();
    private readonly PathServer _server;
    private (string End, string How)? _spoilt;

    public LoopbackGitHub() => _server = new PathServer(Answer);

    public IEnumerable<string> Asked => _server.Asked.Select(ask => ask.Path.Split('?')[0]);

    /// <summary>What a path, with or without its query, is answered with; the longest that fits holds.</summary>
    public LoopbackGitHub With(string end, string body)
    {
        _replies[end] = new Reply(200, body);
        return this;
    }

    public LoopbackGitHub Spoil(string end, string how)
    {
        _spoilt = (end, how);
        return this;
    }

    public GitHubSettings Settings(bool isRun = true, string token = "ghp_t0ken") =>
        GitHubSettings.From(
            new Dictionary<string, string>
            {
                ["GITHUB_TOKEN"] = token,
                ["GITHUB_REPOSITORY"] = "team/shop",
                ["GITHUB_API_URL"] = $"http://{_server.Host}",
                ["GITHUB_ACTIONS"] = isRun ? "true" : "",
                ["GITHUB_RUN_ID"] = isRun ? "77" : "",
            }
        );

    /// <summary>A commit as GitHub tells of it.</summary>
    /// <param name="author">Null: the address belongs to no account.</param>
    /// <param name="committer">Null: the author.</param>
    /// <param name="isSigned">Whether GitHub has verified its signature.</param>
    public static string Commit(
        string hash,
        string? author,
        string? committer = null,
        string? coAuthor = null,
        bool isSigned = false,
        string? name = null
    )
    {
        committer ??= author;
        return new JsonObject
        {
            ["sha"] = hash,
            ["author"] = author is null ? null : new JsonObject { ["login"] = author },
            ["committer"] = committer is null ? null : new JsonObject { ["login"] = committer },
            ["commit"] = new JsonObject
            {
                ["message"] = "what it does" + (coAuthor is null ? "" : $"\n\nCo-authored-by: Somebody <{coAuthor}>"),
                ["author"] = Person(name ?? author ?? "nobody"),
                ["committer"] = Person(committer ?? "nobody"),
                ["verification"] = new JsonObject
                {
                    ["verified"] = isSigned,
                    ["reason"] = isSigned ? "valid" : "unsigned",
                },
            },
        }.ToJsonString();

        static JsonObject Person(string name) =>
            new()
            {
                ["name"] = name,
                ["email"] = $"{name}@shop.example",
                ["date"] = "2026-03-02T12:00:00Z",
            };
    }

    public async ValueTask DisposeAsync()
    {
        _over.TrySetResult();
        await _server.DisposeAsync();
    }

    private Reply Answer(Ask ask)
    {
        var path = ask.Path.Split('?')[0];
        if (_spoilt is { } spoilt && Fits(ask.Path, path, spoilt.End))
            return Spoilt(spoilt.How);
        return _replies
            .Where(reply => Fits(ask.Path, path, reply.Key))
            .OrderByDescending(reply => reply.Key.Contains('='))
            .ThenByDescending(reply => reply.Key.Length)
            .Select(reply => reply.Value)
            .FirstOrDefault(new Reply(404, """{"message":"Not Found"}"""));
    }

    /// <summary>What has a `=` is looked for in the query, anything else at the end of the path.</summary>
    private static bool Fits(string asked, string path, string end) =>
        end.Contains('=')
            ? asked.Contains(end, StringComparison.Ordinal)
            : path.EndsWith(end, StringComparison.Ordinal);

    private Reply Spoilt(string how)
    {
        if (how == "slow")
            _over.Task.Wait();
        return how switch
        {
            "unreachable" or "slow" => new(-1),
            "html" => new(200, "<html>Please log in to the hotel's network</html>", "text/html"),
            "rate-limit" => new(403, "{}", "application/json", "x-ratelimit-remaining: 0", "Retry-After: 3600"),
            "500" => new(500, "{}"),
            "no-rights" => new(403, """{"message":"Resource not accessible by integration"}"""),
            _ => new(200, """{"message":"all is well"}"""),
        };
    }
}
