using System.Globalization;
using System.Text.Json.Nodes;
using Recyclic.EndToEnd.Support;
using Recyclic.Processes;

namespace Recyclic.EndToEnd.Pipeline;

/// <summary>What an environment's secret may hold, all the way into a container.</summary>
[Category("Docker")]
[NonParallelizable]
[CancelAfter(240_000)]
public sealed class SecretTests
{
    private const string Secret =
        "first %20 line\nsecond 'line' with \"quotes\" and ${{ secrets.X }} and $HOME and $$ and `id`\n\ttab \\n end";
    private static readonly string Image = $"e2e-secret-{Images.Run}/app:1";
    private readonly Stack _stack = new(1);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("recyclic-secret-");

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [OneTimeTearDown]
    public async Task RemoveAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _stack.DisposeAsync();
        await DockerHere.TryAsync(["rmi", "--force", Image], deadline.Token);
        _directory.Delete(recursive: true);
    }

    [Test]
    public async Task A_secret_of_any_content_arrives_as_it_is_and_is_shown_nowhere()
    {
        await Engine.ReadyAsync();
        (
            await DockerHere.Runner.RunAsync(
                Command.Of("docker", "build", "--quiet", "--tag", Image, "-") with
                {
                    StandardInput = "FROM debian:bookworm-slim\nCMD [\"sleep\", \"infinity\"]\n",
                },
                Token
            )
        ).EnsureSuccess();
        var file = Path.Combine(_directory.FullName, "docker-compose.yml");
        await File.WriteAllTextAsync(
            file,
            string.Create(
                CultureInfo.InvariantCulture,
                $$$"""
                name: any
                services:
                  app:
                    image: "{{{Image.Split(':')[0]}}}:${TAG}"
                    environment: { PASSWORD: "${POSTGRES_PASSWORD}" }
                    ports: ["127.0.0.1:{{{_stack.Api.Port}}}:8000"]
                    stop_grace_period: 1s
                    x-recyclic: { settle: 500ms }
                """
            ),
            Token
        );

        var variables = new Dictionary<string, string>
        {
            ["STAGING_ENGINE"] = "local",
            ["STAGING_POSTGRES_PASSWORD"] = Secret,
            ["GITHUB_TOKEN"] = "",
        };
        var deployed = (
            await Tool.RunAsync(
                variables,
                [
                    "AtomicDeploy",
                    "--environment",
                    "staging",
                    "--compose-file",
                    file,
                    "--project",
                    _stack.App,
                    "--tag",
                    "1",
                    "--watch",
                    "0",
                    "--verbosity",
                    "verbose",
                ],
                Token
            )
        ).ShouldExitWith(0);

        var environment = JsonNode
            .Parse(
                await DockerHere.RunAsync(
                    Token,
                    "inspect",
                    "--format",
                    "{{json .Config.Env}}",
                    $"{_stack.App}--blue-app-1"
                )
            )!
            .AsArray();
        environment.Select(entry => entry!.GetValue<string>()).ShouldContain($"PASSWORD={Secret}");
        foreach (var line in Secret.Split('\n'))
        {
            deployed.All.ShouldNotContain(line.Trim());
            (
                await DockerHere.RunAsync(Token, "exec", _stack.Edge, "cat", "/var/lib/recyclic/journal.jsonl")
            ).ShouldNotContain(line.Trim());
        }
    }
}
