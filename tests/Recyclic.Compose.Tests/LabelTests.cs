using System.Collections.Immutable;
using System.Diagnostics;
using Recyclic.Processes;

namespace Recyclic.Compose.Tests;

/// <summary>
/// A proxy that finds containers by labels or variables sees one healthy container of a service at every look, all
/// through deploys and ways back, and what it asks there is answered by the release that serves.
/// </summary>
[Category("Docker"), CancelAfter(900_000)]
public sealed class LabelTests
{
    private const string App = "cmp-labels";
    private const string Shared = $"{App}-shared";
    private static readonly string[] Hosts = ["api.example", "blog.example", "web.example"];

    [Test]
    public async Task A_proxy_sees_one_container_of_each_service_at_every_look(CancellationToken cancellationToken)
    {
        var deploys = Settings.AllFaults ? 10 : 2;
        await using var here = await Here.AtAsync(cancellationToken);
        Good(await here.DeployAsync("v1", cancellationToken));
        await using var proxy = new LabelProxy($"{App}-");
        var first = await proxy.SeeAsync(cancellationToken);
        var url = first.Single(sighting => sighting.Host == "web.example").Url;
        var version = "v1";
        ImmutableArray<string> expected = ["v1"];
        var begun = Stopwatch.GetTimestamp();
        for (var deploy = 1; deploy <= deploys; deploy++)
        {
            await ChangesAsync(next => here.DeployAsync(next, cancellationToken));
            if (deploy % 2 == 0)
                await ChangesAsync(_ => here.Stack.RollbackAsync(cancellationToken));
        }
        await proxy.StopAsync();
        var took = Stopwatch.GetElapsedTime(begun);
        TestContext.Out.WriteLine(
            $"{deploys} deploys, {deploys / 2} rollbacks, {took.TotalSeconds:0} s: {proxy.Looks.Count} looks, {proxy.Answers.Count} requests of the proxy"
        );
        proxy.Looks.Count.ShouldBeGreaterThan((int)took.TotalSeconds, "a tenth of ten a second");
        foreach (var look in proxy.Looks)
            look.OrderBy(sighting => sighting.Host, StringComparer.Ordinal)
                .ShouldBe(first.OrderBy(sighting => sighting.Host, StringComparer.Ordinal));
        first.Select(sighting => sighting.Host).ShouldBe(Hosts, ignoreOrder: true);
        foreach (var host in Hosts)
            InTurn(proxy, host).ShouldBe(expected, $"{host}: one version after the other, and nothing else");

        async Task ChangesAsync(Func<string, Task<CommandResult>> command)
        {
            var next = version == "v1" ? "v2" : "v1";
            await Load.LosesNothingAsync(url, () => command(next), [version, next], cancellationToken);
            expected = expected.Add(version = next);
        }
    }

    [Test]
    public async Task Other_labels_come_with_the_release_and_go_with_it_and_one_container_is_there_at_least(
        CancellationToken cancellationToken
    )
    {
        await using var here = await Here.AtAsync(cancellationToken);
        Good(await here.DeployAsync("v1", cancellationToken));
        await using var proxy = new LabelProxy($"{App}-");
        here.Stack.Environment = here.Stack.Environment.Add("WEB_HOST", "new.example").Add("API_ENCODE", "zstd");
        var changed = await here.DeployAsync("v2", cancellationToken);
        Good(changed);
        (changed.StandardOutput + changed.StandardError).ShouldContain(
            "relabel doors api, web (made anew, then the old goes)"
        );
        await here.SeesAsync(proxy, "new.example", "v2", cancellationToken);
        Good(await here.Stack.RollbackAsync(cancellationToken));
        await here.SeesAsync(proxy, "web.example", "v1", cancellationToken);
        await proxy.StopAsync();
        foreach (var look in proxy.Looks)
        {
            look.Count(sighting => sighting.Host is "web.example" or "new.example").ShouldBeInRange(1, 2);
            look.Count(sighting => sighting.Host == "api.example").ShouldBeInRange(1, 2);
            look.Count(sighting => sighting.Host == "blog.example").ShouldBe(1, "its labels are as they were");
        }
        proxy
            .Looks.Count(look => look.Count(sighting => sighting.Host == "api.example") == 2)
            .ShouldBeGreaterThan(2, "the old one stays for three seconds, so that a proxy can take up the new one");
        InTurn(proxy, "new.example").First().ShouldBe("v2", "never before its release");
        InTurn(proxy, "blog.example").ShouldBe(["v1", "v2", "v1"]);
    }

    [Test]
    public async Task Compose_does_not_take_a_door_for_its_own(CancellationToken cancellationToken)
    {
        await using var here = await Here.AtAsync(cancellationToken);
        Good(await here.DeployAsync("v1", cancellationToken));
        var seen = Stack.Lines(
            await Stack.DockerAsync(cancellationToken, "compose", "-p", App, "ps", "--all", "--format", "{{.Name}}")
        );
        seen.ShouldBe([$"{App}-proxy-1"], "the accessory, as without labels");
        var labels = await Stack.DockerAsync(
            cancellationToken,
            "inspect",
            "--format",
            "{{json .Config.Labels}}",
            $"{App}-door-web"
        );
        labels.ShouldContain("\"traefik.http.middlewares.auth.basicauth.users\":\"a:$apr1$x\"");
        labels.ShouldContain($"\"com.docker.compose.project\":\"{App}\"");
    }

    /// <summary>Its answers, each that differs from the one before it.</summary>
    private static IEnumerable<string> InTurn(LabelProxy proxy, string host)
    {
        var answers = proxy.Answers.Where(answer => answer.Host == host).Select(answer => answer.Answer).ToList();
        return answers.Where((answer, index) => index == 0 || answer != answers[index - 1]);
    }

    private static void Good(CommandResult result) =>
        result.ExitCode.ShouldBe(0, result.StandardOutput + result.StandardError);

    private sealed class Here : IAsyncDisposable
    {
        private readonly Copied _files = new("labels/docker-compose.yml");

        private Here() =>
            Stack = new Stack(App, _files.File)
            {
                ComposeFile = _files.File,
                Environment = Stack.Variables(("SHARED", Shared)),
            };

        public Stack Stack { get; }

        public static async Task<Here> AtAsync(CancellationToken cancellationToken)
        {
            await Images.EnsureAsync();
            var here = new Here();
            await Stack.DockerAsync(cancellationToken, "network", "create", Shared);
            return here;
        }

        public Task<CommandResult> DeployAsync(string tag, CancellationToken cancellationToken) =>
            Stack.DeployAsync(tag, cancellationToken, "--watch", "0");

        public async Task SeesAsync(LabelProxy proxy, string host, string version, CancellationToken cancellationToken)
        {
            var seen = (await proxy.SeeAsync(cancellationToken)).Where(sighting =>
                sighting.Host is "web.example" or "new.example"
            );
            seen.ShouldHaveSingleItem().Host.ShouldBe(host);
            await Eventually.TrueAsync(
                () => Task.FromResult(proxy.Answers.Any(answer => answer == (host, version))),
                $"{host} is answered by {version}",
                cancellationToken
            );
        }

        public async ValueTask DisposeAsync()
        {
            await Stack.DisposeAsync();
            _files.Dispose();
        }
    }
}
