using System.Collections.Immutable;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Docker.Ssh;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Smoke;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>Smoke tests of a release whose host is reached by ssh: no port of it is reached from here.</summary>
[Category("Docker")]
[NonParallelizable]
[CancelAfter(480_000)]
public sealed class SshSmokeTests : SshFixture
{
    [Test]
    public async Task A_release_on_a_far_host_is_asked_in_its_container_and_at_its_front_door_by_the_one_connection()
    {
        var one = await Images.DeriveAsync("1", Token);
        await using var stack = new Stack(1);
        (await stack.DeployAsync(one, Token, "--watch", "0")).ShouldExitWith(0);
        await using var door = await SshDoor.OpenLocalAsync(DoorDirectory, Token);
        var variables = door.Variables.ToImmutableDictionary();
        await using (
            var tunnel = (await EngineTunnel.OpenAsync(DockerHere.Runner, variables, Token)).ShouldNotBeNull(door.Log)
        )
        {
            using var engine = new DockerEngine(new DockerCli(DockerHere.Runner, variables: variables, tunnel: tunnel));
            var now = await engine.ObserveAsync(stack.App, Token);
            var api = now.Blue.Containers.First(container => container.Service == "api");
            var route = Route.FromLabel(api.Label(Naming.RoutesLabel)).First(route => !route.IsInside);
            var gate = now.Gates.First(gate => gate.Gate.Port == route.Published);

            foreach (
                var place in new[]
                {
                    new SmokePlace(api.Id, route.Target),
                    new SmokePlace(gate.Id, gate.Gate.Port) { IsGate = true },
                }
            )
            {
                var answer = await engine.AskAsync(
                    place,
                    new HttpQuestion("GET", "/version", "localhost", [], null),
                    Token
                );
                (answer.Status, answer.Body.Contains($"\"{one}\"")).ShouldBe((200, true), answer.Body);
                TestContext.Out.WriteLine($"{place}: {answer.Took.TotalMilliseconds:0} ms");
            }
            (
                await Should.ThrowAsync<Deploy.Running.StepFailedException>(() =>
                    engine.AskAsync(
                        new SmokePlace(api.Id, 9),
                        new HttpQuestion("GET", "/", "localhost", [], null),
                        Token
                    )
                )
            ).Message.ShouldBe("does not listen on port 9");
        }
        door.Connections.ShouldBe(1, door.Log);
    }
}
