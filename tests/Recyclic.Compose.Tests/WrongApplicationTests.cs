using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Compose.Tests;

/// <summary>Two applications that a careless reading takes for one, on the real engine.</summary>
[Category("Docker"), CancelAfter(300_000)]
public sealed class WrongApplicationTests
{
    private const string Application = """
        name: cmp-rvdev
        services:
          echo:
            image: recyclic-compose-test/app:${TAG}
            x-recyclic: { mode: tcp }
            environment: { MODE: tcp }
            ports: ["${ECHO_PORT:-17790}:8080"]
            healthcheck:
              test: ["CMD", "/server", "probe", "8080"]
              interval: 2s
              start_period: 10s

        """;

    [Test]
    public async Task A_rollback_takes_back_the_application_that_env_names_and_a_copy_of_its_folder_is_refused(
        CancellationToken cancellationToken
    )
    {
        await Images.EnsureAsync();
        var (folder, copy) = (
            Directory.CreateTempSubdirectory("cmp-rv-"),
            Directory.CreateTempSubdirectory("cmp-rv-copy-")
        );
        try
        {
            var file = Path.Combine(folder.FullName, "docker-compose.yml");
            await File.WriteAllTextAsync(file, Application, cancellationToken);
            await using var development = new Stack("cmp-rvdev", file) { Environment = OnALaptop("17790") };
            await using var production = new Stack("cmp-rvprod", file) { Environment = OnALaptop("17791") };
            foreach (var tag in new[] { "v1", "v2" })
                await DoneAsync(
                    development,
                    ["AtomicDeploy", "--tag", tag, "--watch", "0", "--no-setup"],
                    file,
                    cancellationToken
                );

            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, ".env"),
                "COMPOSE_PROJECT_NAME=cmp-rvprod\n",
                cancellationToken
            );
            var first = await DoneAsync(
                production,
                ["AtomicDeploy", "--tag", "v1", "--watch", "0", "--no-setup"],
                file,
                cancellationToken
            );
            first.ShouldContain("cmp-rvprod (local) on unix://");
            first.ShouldContain("an application cmp-rvdev of this folder runs here; its data stay with it");
            await DoneAsync(
                production,
                ["AtomicDeploy", "--tag", "v2", "--watch", "0", "--no-setup"],
                file,
                cancellationToken
            );

            (await DoneAsync(production, ["Rollback", "--yes"], file, cancellationToken)).ShouldContain(
                "cmp-rvprod v1 is live"
            );

            (await TagOfAsync(production, cancellationToken)).ShouldBe("v1");
            (await TagOfAsync(development, cancellationToken)).ShouldBe("v2");

            var copied = Path.Combine(copy.FullName, "docker-compose.yml");
            await File.WriteAllTextAsync(
                copied,
                Application.Replace("cmp-rvdev", "cmp-rvprod", StringComparison.Ordinal),
                cancellationToken
            );
            var refused = await production.BuildAsync(
                ["AtomicDeploy", "--tag", "v2", "--no-setup", "--no-logo", "--compose-file", copied],
                cancellationToken
            );
            refused.ExitCode.ShouldBe(2, refused.StandardOutput + refused.StandardError);
            (refused.StandardOutput + refused.StandardError).ShouldContain(
                $"cmp-rvprod was last deployed from docker-compose.yml in {folder.FullName} on "
            );
            (refused.StandardOutput + refused.StandardError).ShouldContain(
                $"this is docker-compose.yml in {copy.FullName} on "
            );
            (await TagOfAsync(production, cancellationToken)).ShouldBe("v1");
            await DoneAsync(
                production,
                ["AtomicDeploy", "--tag", "v2", "--watch", "0", "--no-setup", "--yes"],
                copied,
                cancellationToken
            );
        }
        finally
        {
            folder.Delete(recursive: true);
            copy.Delete(recursive: true);
        }
    }

    /// <summary>A folder of a CI run would say nothing of where an application is deployed from.</summary>
    private static ImmutableDictionary<string, string> OnALaptop(string port) =>
        Stack.Variables(
            ("ECHO_PORT", port),
            ("CI", ""),
            ("GITHUB_ACTIONS", ""),
            ("GITHUB_REPOSITORY", ""),
            ("GITLAB_CI", ""),
            ("CI_PROJECT_URL", ""),
            ("TF_BUILD", ""),
            ("JENKINS_URL", "")
        );

    private static async Task<string> DoneAsync(
        Stack stack,
        string[] arguments,
        string file,
        CancellationToken cancellationToken
    )
    {
        var done = await stack.BuildAsync([.. arguments, "--no-logo", "--compose-file", file], cancellationToken);
        var output = done.StandardOutput + done.StandardError;
        done.ExitCode.ShouldBe(0, output);
        return output;
    }

    private static async Task<string> TagOfAsync(Stack stack, CancellationToken cancellationToken) =>
        await Stack.DockerAsync(
            cancellationToken,
            "inspect",
            "--format",
            $"{{{{index .Config.Labels \"{Naming.TagLabel}\"}}}}",
            await stack.ContainerOfAsync("echo", cancellationToken)
        );
}
