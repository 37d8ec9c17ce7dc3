using System.Collections.Immutable;
using System.Text;

namespace Recyclic.Compose.Tests;

/// <summary>
/// What anybody on the machine can list during a deploy whose environment is that of a CI job: the command lines and
/// the environments of all that it starts, and the containers that it makes.
/// </summary>
[Category("Docker"), Platform("Linux"), CancelAfter(240_000)]
public sealed class RoomListingTests
{
    private const string App = "cmp-listing";
    private const string Password = "of-the-check-4712";

    private static readonly ImmutableDictionary<string, string> OfTheJob = new[]
    {
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "ACTIONS_RUNTIME_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "ACTIONS_CACHE_URL",
        "CI_JOB_TOKEN",
        "CI_REPOSITORY_URL",
        "SYSTEM_ACCESSTOKEN",
        "DEPLOY_SSH_KEY",
        "BUILDKITE_AGENT_ACCESS_TOKEN",
        "CMP_LISTING_OTHER",
    }.ToImmutableDictionary(name => name, name => $"secret-{name.ToLowerInvariant()}-4713");

    [Test]
    public async Task A_file_that_names_every_variable_of_the_job_is_refused_before_anything_is_made(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        await using var stack = await StackAsync(
            string.Concat(
                OfTheJob
                    .Keys.Where(name => name != "CMP_LISTING_OTHER")
                    .Select(name => $"      MY_{name}: \"${{{name}:-}}\"\n")
            ),
            "",
            cancellationToken
        );
        var deploy = await stack.DeployAsync("v1", cancellationToken);
        deploy.ExitCode.ShouldBe(2, deploy.StandardOutput + deploy.StandardError);
        foreach (var (name, value) in OfTheJob.Remove("CMP_LISTING_OTHER"))
        {
            (deploy.StandardOutput + deploy.StandardError).ShouldContain($"it uses {name}, ");
            (deploy.StandardOutput + deploy.StandardError).ShouldNotContain(value);
        }
        (await stack.LeftoversAsync(cancellationToken)).ShouldBeEmpty();
    }

    [Test]
    public async Task No_listing_shows_a_secret_that_no_service_asked_for(CancellationToken cancellationToken)
    {
        await Images.EnsureAsync();
        await using var stack = await StackAsync(
            "      ASKED: \"${GITHUB_TOKEN}\"\n",
            "    x-recyclic: { secrets: [GITHUB_TOKEN] }\n",
            cancellationToken
        );
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listing = Task.Run(() => List(over.Token), cancellationToken);
        var deploy = await stack.DeployAsync("v1", cancellationToken, "--health-check-interval", "1");
        await over.CancelAsync();
        var (seen, shown) = await listing;
        deploy.ExitCode.ShouldBe(0, deploy.StandardOutput + deploy.StandardError);
        shown.ShouldBeEmpty();
        // That there was something to see.
        seen.ShouldContain("docker-compose");
        seen.ShouldContain("docker");

        var ids = Stack.Lines(
            await Stack.DockerAsync(
                cancellationToken,
                "ps",
                "--all",
                "--quiet",
                "--filter",
                $"label=recyclic.app={App}"
            )
        );
        var inspected = await Stack.DockerAsync(cancellationToken, ["inspect", .. ids]);
        foreach (var value in OfTheJob.Remove("GITHUB_TOKEN").Values)
            inspected.ShouldNotContain(value);
        inspected.ShouldContain($"ASKED={OfTheJob["GITHUB_TOKEN"]}");
    }

    private static async Task<Stack> StackAsync(string environment, string more, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("cmp-listing-");
        var file = Path.Combine(folder.FullName, "docker-compose.yml");
        await File.WriteAllTextAsync(
            file,
            "services:\n  web:\n    image: recyclic-compose-test/app:${TAG}\n"
                + $"    healthcheck: {{ test: [\"CMD\", \"/server\", \"probe\", \"8080\", \"{Password}\"], interval: 1s }}\n"
                + $"    environment:\n      PLAIN: \"1\"\n{environment}{more}",
            cancellationToken
        );
        var stack = new Stack(App, file) { Environment = OfTheJob };
        await stack.RemoveAsync();
        return stack;
    }

    /// <summary>
    /// Looks at all that the build has started, again and again. The build itself was given the variables.
    /// </summary>
    /// <returns>The programs that were seen, and those that showed a secret, with where.</returns>
    private static (ICollection<string> Seen, ICollection<string> Shown) List(CancellationToken over)
    {
        var (seen, shown) = (new HashSet<string>(), new HashSet<string>());
        while (!over.IsCancellationRequested)
        {
            var running = Directory
                .EnumerateDirectories("/proc")
                .Select(path => Path.GetFileName(path))
                .Where(name => int.TryParse(name, out _))
                .Select(int.Parse)
                .ToDictionary(id => id, id => (Parent: Parent(id), Line: Read($"/proc/{id}/cmdline")));
            foreach (var (id, (_, line)) in running.Where(entry => IsOfTheBuild(entry.Key, running)))
            {
                var program = Program(line);
                seen.Add(program);
                // Until a new process has become its program, it is its parent: .NET.
                if (program == "dotnet")
                    continue;
                if (line.Contains(Password, StringComparison.Ordinal) || HasSecret(line, []))
                    shown.Add($"{program}: command line");
                // Compose gets what the service asks for.
                if (HasSecret(Read($"/proc/{id}/environ"), program == "docker-compose" ? ["GITHUB_TOKEN"] : []))
                    shown.Add($"{program}: environment ({line.Replace('\0', ' ')})");
            }
        }
        return (seen, shown);

        static bool IsOfTheBuild(int id, Dictionary<int, (int Parent, string Line)> running)
        {
            while (running.TryGetValue(id, out var process))
            {
                id = process.Parent;
                if (
                    running.TryGetValue(id, out var parent)
                    && parent.Line.Contains("build.dll", StringComparison.Ordinal)
                    // The tests themselves may have been started by a build.
                    && parent.Line.Contains(App, StringComparison.Ordinal)
                )
                    return true;
            }
            return false;
        }
    }

    /// <summary>What runs, or is about to: setsid becomes the program that it is given.</summary>
    private static string Program(string line) =>
        line.Split('\0').Select(Path.GetFileName).FirstOrDefault(name => name != "setsid") ?? "";

    private static bool HasSecret(string text, string[] asked) =>
        OfTheJob.RemoveRange(asked).Values.Any(value => text.Contains(value, StringComparison.Ordinal));

    private static int Parent(int id) =>
        Read($"/proc/{id}/stat") is { Length: > 0 } text
        && int.TryParse(
            text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            out var parent
        )
            ? parent
            : 0;

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended in the meantime.
            return "";
        }
    }
}
