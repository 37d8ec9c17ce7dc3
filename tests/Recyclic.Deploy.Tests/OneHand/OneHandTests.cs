using System.Text.RegularExpressions;
using Docker.DotNet;
using Docker.DotNet.Models;
using Mono.Cecil;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Docker.Ssh;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Adapters.Faults;
using Recyclic.Deploy.Adapters.Prometheus;
using Recyclic.Processes;

namespace Recyclic.Deploy.Tests.OneHand;

/// <summary>
/// No change of a Docker host is reachable but through <see cref="HostChanges"/>: the compiled code says who calls what.
/// </summary>
internal sealed class OneHandTests
{
    /// <summary>What runs a docker command that is not a question.</summary>
    private static readonly string[] Hands =
    [
        nameof(DockerCli.ChangeAsync),
        nameof(DockerCli.PipeAsync),
        nameof(DockerCli.StartTalk),
        nameof(DockerCli.AskInsideAsync),
        nameof(DockerCli.StartInside),
        nameof(DockerCli.BuildAsync),
        nameof(DockerCli.TryBuildAsync),
        "get_" + nameof(DockerCli.Runner),
    ];

    /// <summary>What the engine's API is asked. It has a word for each change too.</summary>
    private static readonly string[] Questions =
    [
        nameof(ISystemOperations.GetVersionAsync),
        nameof(ISystemOperations.GetSystemInfoAsync),
        nameof(ISystemOperations.MonitorEventsAsync),
        nameof(IContainerOperations.InspectContainerAsync),
        nameof(IContainerOperations.ListContainersAsync),
        nameof(IContainerOperations.GetContainerStatsAsync),
        nameof(IContainerOperations.GetContainerLogsAsync),
        nameof(IImageOperations.InspectImageAsync),
        nameof(INetworkOperations.ListNetworksAsync),
        nameof(IVolumeOperations.InspectAsync),
        nameof(IVolumeOperations.ListAsync),
        // A container's own health check, for HostChanges.
        nameof(IExecOperations.CreateContainerExecAsync),
        nameof(IExecOperations.StartContainerExecAsync),
        nameof(IExecOperations.InspectContainerExecAsync),
    ];

    /// <summary>
    /// Who may start a program at all: the command line, the way to a far engine, and the way of who may only approve.
    /// </summary>
    private static readonly Type[] Starters =
    [
        typeof(DockerCli),
        typeof(VariablesRunner),
        typeof(SshConnection),
        typeof(EngineTunnel),
        typeof(ApprovalDoor),
    ];

    /// <summary>
    /// Who may talk to a socket: the engine's API, the way to it, and who holds a port; and who speaks HTTP over the streams
    /// of a program that <see cref="HostChanges"/> has started, or to what counts for a team.
    /// </summary>
    private static readonly Type[] Talkers =
    [
        typeof(EngineClient),
        typeof(LocalSocket),
        typeof(EngineTunnel),
        typeof(EngineReader),
        typeof(SmokeAsker),
        typeof(PrometheusSource),
    ];

    [Test]
    public void No_change_of_the_engine_is_reachable_otherwise() =>
        Offences(typeof(DockerCli).Assembly, _ => true).ShouldBeEmpty();

    [Test]
    public void The_hand_itself_is_found_by_the_same_look()
    {
        using var module = ModuleDefinition.ReadModule(typeof(DockerCli).Assembly.Location);
        var callers = Calls(module, _ => true)
            .Where(call => call.Callee.DeclaringType.Name == nameof(DockerCli) && Hands.Contains(call.Callee.Name))
            .Select(call => call.Caller)
            .Distinct();
        callers.Order(StringComparer.Ordinal).ShouldBe([nameof(DockerCli), nameof(HostChanges)]);
    }

    [Test]
    public void A_change_that_is_put_elsewhere_is_found() =>
        Offences(typeof(Elsewhere).Assembly, type => type.Name == nameof(Elsewhere))
            .Order(StringComparer.Ordinal)
            .ShouldBe([
                "Elsewhere calls DockerCli.ChangeAsync",
                "Elsewhere calls DockerCli.StartTalk",
                "Elsewhere calls DockerCli.get_Runner",
                "Elsewhere calls ICommandRunner.RunAsync",
                "Elsewhere calls IContainerOperations.StopContainerAsync",
                "Elsewhere calls INetworkOperations.DeleteNetworkAsync",
                "Elsewhere calls Process.Start",
            ]);

    /// <summary>So that no other assembly can call them either.</summary>
    [Test]
    public void The_command_line_has_no_public_word_for_a_change() =>
        typeof(DockerCli)
            .GetMethods()
            .Where(method => method.DeclaringType == typeof(DockerCli))
            .Select(method => method.Name)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe([
                nameof(DockerCli.BuildAsync),
                nameof(DockerCli.ReadAsync),
                nameof(DockerCli.RunAsync),
                nameof(DockerCli.StartStream),
                nameof(DockerCli.TryBuildAsync),
                "get_" + nameof(DockerCli.Runner),
                "get_" + nameof(DockerCli.Setting),
                "get_" + nameof(DockerCli.StartsPlugins),
                "set_" + nameof(DockerCli.StartsPlugins),
            ]);

    /// <summary>
    /// Another library could start docker by a runner of its own. Setup does, for the machine that it sets up.
    /// </summary>
    [Test]
    public void No_component_but_Setup_starts_docker_for_a_change()
    {
        var words =
            from file in Directory.EnumerateFiles(
                Path.Combine(ArchitectureTests.Root, "src", "Recyclic.Components"),
                "*.cs",
                SearchOption.AllDirectories
            )
            where !file.Contains($"{Path.DirectorySeparatorChar}Setup{Path.DirectorySeparatorChar}")
            from Match started in Regex.Matches(
                File.ReadAllText(file),
                "Command\\.Of\\(\\s*\"docker\",\\s*\\[?\\s*\"([^\"]*)\""
            )
            select started.Groups[1].Value;
        words.Distinct().Order(StringComparer.Ordinal).ShouldBe(["login", "push"]);
    }

    [Test]
    public void The_hand_is_internal_and_small()
    {
        typeof(HostChanges).IsPublic.ShouldBeFalse();
        ArchitectureTests
            .Sources()
            .Where(file => Path.GetFileName(file).StartsWith(nameof(HostChanges), StringComparison.Ordinal))
            .ShouldAllBe(file => File.ReadLines(file).Count() <= 250);
    }

    private static IEnumerable<string> Offences(System.Reflection.Assembly assembly, Func<TypeDefinition, bool> of)
    {
        using var module = ModuleDefinition.ReadModule(assembly.Location);
        return
        [
            .. Calls(module, of)
                .Where(call => IsOffence(call.Caller, call.Callee))
                .Select(call => $"{call.Caller} calls {call.Callee.DeclaringType.Name}.{call.Callee.Name}")
                .Distinct(),
        ];
    }

    private static bool IsOffence(string caller, MethodReference callee)
    {
        var type = callee.DeclaringType;
        return type.FullName == typeof(DockerCli).FullName && Hands.Contains(callee.Name)
                ? !Is(caller, typeof(DockerCli), typeof(HostChanges))
            : type.FullName == typeof(EngineClient).FullName && callee.Name == nameof(EngineClient.RunHealthCheckAsync)
                ? !Is(caller, typeof(HostChanges))
            : type.FullName == typeof(ICommandRunner).FullName ? !Is(caller, Starters)
            : type.FullName == typeof(System.Diagnostics.Process).FullName
                ? !Is(caller, typeof(FaultStriker)) && callee.Name == "Start"
            : type.Namespace == typeof(IDockerClient).Namespace
            && type.Name.EndsWith("Operations", StringComparison.Ordinal)
                ? !Is(caller, typeof(EngineClient)) || !Questions.Contains(callee.Name)
            : type.Namespace is "System.Net.Sockets" or "System.Net.Http" && !Is(caller, Talkers);
    }

    private static bool Is(string caller, params Type[] allowed) => allowed.Any(type => type.Name == caller);

    /// <summary>Who calls what. An async method, a lambda and a local function belong to the type that they are in.</summary>
    private static IEnumerable<(string Caller, MethodReference Callee)> Calls(
        ModuleDefinition module,
        Func<TypeDefinition, bool> of
    ) =>
        from type in module.GetTypes()
        where of(Outermost(type))
        from method in type.Methods
        where method.HasBody
        from instruction in method.Body.Instructions
        let callee = instruction.Operand as MethodReference
        where callee is not null
        select (Outermost(type).Name, callee);

    private static TypeDefinition Outermost(TypeDefinition type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }
}

/// <summary>What must not be: a change of the host from anywhere. Never called.</summary>
internal static class Elsewhere
{
    public static async Task ChangeAsync(DockerCli docker, IDockerClient client)
    {
        await docker.ChangeAsync(Command.Of("docker", "rm", "abc"), default);
        Func<Task> later = async () => await docker.Runner.RunAsync(Command.Of("docker", "rm", "abc"), default);
        await later();
        _ = docker.StartTalk(["run", "image"]);
        await client.Containers.StopContainerAsync("abc", new ContainerStopParameters());
        await client.Networks.DeleteNetworkAsync("abc");
        System.Diagnostics.Process.Start("docker", ["rm", "abc"]).Dispose();
    }
}
