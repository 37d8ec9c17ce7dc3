using System.Text.RegularExpressions;
using Recyclic.Processes;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>What the programs inherit that Recyclic itself starts.</summary>
[CancelAfter(30_000)]
public class ToolVariablesTests
{
    /// <summary>What a job of a CI system has in its environment, and what it must stay in.</summary>
    private static readonly string[] Secrets =
    [
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "ACTIONS_RUNTIME_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "CI_JOB_TOKEN",
        "CI_REGISTRY_PASSWORD",
        "DEPLOY_SSH_KEY",
        "SSH_PRIVATE_KEY",
        "REGISTRY_PASSWORD",
        "DOCKER_PASSWORD",
        "DOCKER_HUB_TOKEN",
        "DOCKERHUB_TOKEN",
        "COMPOSE_SECRET",
        "GIT_TOKEN",
        "GIT_PASSWORD",
        "NUGET_API_KEY",
        "DOTNET_SECRET",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "SLACK_WEBHOOK",
        "TELEGRAM_BOT_TOKEN",
        "DATABASE_URL",
        "MY_COMPANY",
    ];

    private static readonly string[] Tools =
    [
        "docker",
        "/usr/libexec/docker/cli-plugins/docker-compose",
        "docker-buildx",
        "ssh",
        "ssh-agent",
        "ssh-add",
        "git",
        "dotnet",
        "apt-get",
        "dpkg-query",
        "docker-credential-desktop",
        "systemctl",
        "a-hook",
    ];

    [Test]
    public void No_tool_gets_a_secret([ValueSource(nameof(Tools))] string tool) =>
        Secrets.Where(ToolVariables.Of(tool).Admits).ShouldBeEmpty();

    [Test]
    public void Each_tool_gets_what_any_program_needs([ValueSource(nameof(Tools))] string tool)
    {
        string[] needed =
        [
            "PATH",
            "HOME",
            "LANG",
            "LC_ALL",
            "TZ",
            "TMPDIR",
            "XDG_RUNTIME_DIR",
            "HTTPS_PROXY",
            "https_proxy",
            "no_proxy",
            "SystemRoot",
        ];
        needed.Where(name => !ToolVariables.Of(tool).Admits(name)).ShouldBeEmpty();
    }

    [TestCase("docker", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_BUILDKIT", "BUILDX_BUILDER", "DOCKER_AUTH_CONFIG")]
    [TestCase("docker-compose", "COMPOSE_PROFILES", "COMPOSE_FILE", "SSH_AUTH_SOCK", "DOCKER_TLS_VERIFY")]
    [TestCase("ssh", "SSH_AUTH_SOCK", "SSH_ASKPASS")]
    [TestCase("git", "GIT_SSH_COMMAND", "GIT_DIR", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0")]
    [TestCase("dotnet", "DOTNET_ROOT", "NUGET_PACKAGES")]
    [TestCase("apt-get", "DEBIAN_FRONTEND", "APT_CONFIG")]
    [TestCase("docker-credential-ecr-login", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE")]
    [TestCase("docker-credential-pass", "PASSWORD_STORE_DIR", "GNUPGHOME")]
    public void A_tool_gets_what_it_is_set_by(string tool, params string[] names) =>
        names.Where(name => !ToolVariables.Of(tool).Admits(name)).ShouldBeEmpty();

    [Test, Platform("Linux"), NonParallelizable]
    public async Task A_program_has_the_variables_of_its_rule_and_of_its_command_alone(
        CancellationToken cancellationToken
    )
    {
        Environment.SetEnvironmentVariable("ROOM_SECRET", "x-4711");
        try
        {
            var command = Command.Of("cat", "/proc/self/environ") with
            {
                Environment = Command.Of("cat").Environment.Add("ROOM_GIVEN", "1"),
            };
            var all = await new ProcessCommandRunner().RunAsync(command, cancellationToken);
            all.StandardOutput.ShouldContain("ROOM_SECRET=x-4711");
            var tool = (await new ToolRunner().RunAsync(command, cancellationToken)).StandardOutput;
            tool.ShouldContain("PATH=");
            tool.ShouldContain("ROOM_GIVEN=1");
            tool.ShouldNotContain("ROOM_SECRET");
            await using var started = new ToolRunner().Start(command);
            (await new StreamReader(started.Output).ReadToEndAsync(cancellationToken)).ShouldNotContain("ROOM_SECRET");
        }
        finally
        {
            Environment.SetEnvironmentVariable("ROOM_SECRET", null);
        }
    }

    /// <summary>
    /// A runner that hands on everything is for what a build's author runs, and for jobs that are rehearsed; each of
    /// these says so here.
    /// </summary>
    [Test]
    public void Only_the_builds_own_runner_and_rehearsals_hand_on_everything()
    {
        var source = Path.GetDirectoryName(ArchitectureTests.Library())!;
        var users =
            from file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}")
            where Regex.IsMatch(File.ReadAllText(file), @"new ProcessCommandRunner\(|ProcessCommandRunner \w+ = new\(")
            select Path.GetFileName(file);
        users.Order(StringComparer.Ordinal).ShouldBe(["BuildSession.cs", "ToolRunner.cs", "WorkflowRehearsal.cs"]);
    }
}
