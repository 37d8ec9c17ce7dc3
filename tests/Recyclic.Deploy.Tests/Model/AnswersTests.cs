using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;

namespace Recyclic.Deploy.Tests.Model;

/// <summary>What HAProxy and the engine answer, as they print it.</summary>
internal sealed class AnswersTests
{
    private static readonly string[] Statistics = """
        # pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,check_code,check_duration,addr,
        port-8000,FRONTEND,,,7,9,262121,120,1,1,0,0,0,,,,,OPEN,,,,,,,,,1,2,0,,,,0,3,0,9,,,,
        blue-api-8000,s1,0,0,2,4,,60,1,1,,0,,0,0,0,0,no check,1,1,0,,,12,0,,1,3,1,,60,,2,1,,4,,,,172.18.0.4:8000,
        blue-api-8000,s2,0,0,1,4,,60,1,1,,0,,0,0,0,0,UP,1,1,0,,,12,0,,1,3,2,,60,,2,1,,4,,,,172.18.0.5:8000,
        blue-api-8000,s3,0,0,0,0,,0,0,0,,0,,0,0,0,0,MAINT (resolution),1,1,0,,,12,12,,1,3,3,,0,,2,0,,0,,,,
        blue-api-8000,BACKEND,1,1,3,4,26213,120,1,1,0,0,,0,0,0,0,UP,2,2,0,,0,12,0,,1,3,0,,120,,1,2,,4,,,,
        blue-web-80,BACKEND,0,1,5,8,26213,120,1,1,0,0,,0,0,0,0,UP,2,2,0,,0,12,0,,1,3,0,,120,,1,2,,4,,,,
        green-api-8000,s1,0,0,0,0,,0,0,0,,0,,0,0,0,0,DOWN,1,1,0,,,12,12,,1,4,1,,0,,2,0,,0,,,,172.19.0.4:8000,
        green-api-8000,BACKEND,0,0,2,0,26213,0,0,0,0,0,,0,0,0,0,DOWN,0,0,0,,0,12,12,,1,4,0,,0,,1,0,,0,,,,

        """.Split('\n');

    [Test]
    public void The_open_sessions_of_a_slot_are_those_of_its_backends_and_those_that_queue_for_them()
    {
        HAProxyAnswers.OpenSessions(Statistics, Slot.Blue).ShouldBe(9);
        HAProxyAnswers.OpenSessions(Statistics, Slot.Green).ShouldBe(2);
        HAProxyAnswers.OpenSessions([], Slot.Blue).ShouldBe(0);
    }

    [Test]
    public void A_server_is_usable_when_it_is_up_or_unchecked() =>
        HAProxyAnswers
            .UsableServers(Statistics)
            .Select(backend => $"{backend.Key} {string.Join(' ', backend.Value)}")
            .ShouldBe(["blue-api-8000 172.18.0.4 172.18.0.5"]);

    [Test]
    public void A_container_is_read_from_its_inspection()
    {
        var container = EngineAnswers.Container(
            Answer.Of<ContainerInspectResponse>(
                """
                { "Id": "4f1c", "Name": "/shop-blue-api-1", "Image": "sha256:77",
                  "State": { "Status": "running", "ExitCode": 0, "StartedAt": "2026-01-02T12:00:00.5Z", "Health": { "Status": "starting" } },
                  "Config": { "Labels": { "com.docker.compose.service": "api", "recyclic.slot": "blue" } },
                  "NetworkSettings": { "Networks": { "shop_slot_blue": { "IPAddress": "172.18.0.4" }, "other": { "IPAddress": "" } } } }
                """
            )
        );
        (container.Id, container.Name, container.Service, container.State, container.Health, container.Image).ShouldBe(
            ("4f1c", "shop-blue-api-1", "api", "running", "starting", "sha256:77")
        );
        container.StartedAt.ShouldBe(Given.Noon.AddMilliseconds(500));
        container.Label(Naming.SlotLabel).ShouldBe("blue");
        container.Networks.ShouldBe(["shop_slot_blue", "other"]);
        container.Addresses.ShouldBe([KeyValuePair.Create("shop_slot_blue", "172.18.0.4")]);
        container.IsHealthy.ShouldBeFalse();
    }

    [Test]
    public void A_container_that_never_started_has_no_health_and_no_start()
    {
        var container = EngineAnswers.Container(
            Answer.Of<ContainerInspectResponse>(
                """{ "Id": "1", "Name": "/a", "State": { "Status": "created" }, "Config": { "Labels": null } }"""
            )
        );
        (container.State, container.Health, container.StartedAt, container.Service).ShouldBe(
            ("created", "none", default(DateTimeOffset), "")
        );
    }

    [Test]
    public void The_edge_tells_which_ports_it_publishes()
    {
        var edge = EngineAnswers.Edge(
            Answer.Of<ContainerInspectResponse>(
                """
                { "State": { "Running": true }, "Config": { "Image": "recyclic/edge:1" }, "NetworkSettings": { "Networks": { "shop_edge": {} } },
                  "HostConfig": { "PortBindings": { "80/tcp": [{ "HostIp": "", "HostPort": "80" }], "9000/tcp": [{ "HostIp": "127.0.0.1", "HostPort": "9000" }] } } }
                """
            )
        );
        edge.IsRunning.ShouldBeTrue();
        edge.Ports.ShouldBe(["127.0.0.1:9000", "80"]);
        edge.ImageTag.ShouldBe("recyclic/edge:1");
        edge.Networks.ShouldBe(["shop_edge"]);
    }

    [Test]
    public void The_last_probe_is_the_newest_of_the_health_log()
    {
        EngineAnswers
            .Probe(
                Answer.Of<ContainerInspectResponse>(
                    """
                    { "State": { "Health": { "Log": [{ "ExitCode": 0, "End": "2026-01-02T11:00:00Z", "Output": "ok" }, { "ExitCode": 1, "End": "2026-01-02T12:00:00Z", "Output": "503" }] } } }
                    """
                )
            )
            .ShouldBe(new Probe(false, Given.Noon, "503"));
        EngineAnswers.Probe(Answer.Of<ContainerInspectResponse>("""{ "State": {} }""")).ShouldBeNull();
        EngineAnswers
            .Probe(Answer.Of<ContainerInspectResponse>("""{ "State": { "Health": { "Log": [] } } }"""))
            .ShouldBeNull();
    }

    [TestCase("start", ContainerEventKind.Started)]
    [TestCase("die", ContainerEventKind.Died)]
    [TestCase("oom", ContainerEventKind.OutOfMemory)]
    [TestCase("health_status: healthy", ContainerEventKind.Healthy)]
    [TestCase("health_status: unhealthy", ContainerEventKind.Unhealthy)]
    [TestCase("exec_die", ContainerEventKind.Probed)]
    [TestCase("exec_create: curl", null)]
    [TestCase("destroy", null)]
    public void An_event_is_read_from_its_line(string action, ContainerEventKind? kind)
    {
        var happened = EngineAnswers.Event(
            Answer.Of<Message>(
                $$"""
                { "Type": "container", "Action": "{{action}}", "timeNano": 1767355200500000000,
                  "Actor": { "ID": "4f1c", "Attributes": { "name": "shop-blue-api-1", "com.docker.compose.service": "api", "recyclic.slot": "blue", "exitCode": "137" } } }
                """
            )
        );
        happened.ShouldBe(
            kind is null
                ? null
                : new ContainerEvent(
                    "4f1c",
                    "shop-blue-api-1",
                    "api",
                    Slot.Blue,
                    kind.Value,
                    137,
                    Given.Noon.AddMilliseconds(500)
                )
        );
    }

    [TestCase("--", 200, false)]
    [TestCase("--", 404, false)]
    [TestCase("--", 500, true)]
    [TestCase("--", 503, true)]
    [TestCase("LR", 200, false)]
    [TestCase("CD", 200, false)]
    [TestCase("cD", 408, false)]
    [TestCase("CH", 502, false)]
    [TestCase("SC", 503, true)]
    [TestCase("SD", 200, true)]
    [TestCase("sH", 504, true)]
    [TestCase("PR", 400, false)]
    [TestCase("PR", 503, true)]
    [TestCase("--", 0, false)]
    [TestCase("SC", 0, true)]
    [TestCase("--", -1, true)]
    public void A_request_failed_when_server_or_edge_broke_it_and_not_when_its_client_did(
        string end,
        int status,
        bool failed
    ) =>
        RequestCounter
            .Read($$"""{"ms":1767355200500,"backend":"blue-api-8000","status":{{status}},"end":"{{end}}","total":12}""")
            .ShouldBe((failed, 0));

    [Test]
    public void A_request_that_was_held_says_how_long() =>
        RequestCounter
            .Read("""{"ms":1767355200500,"backend":"blue-api-8000","status":200,"end":"--","total":12,"held":4100}""")
            .ShouldBe((false, 4100));

    [TestCase("")]
    [TestCase("Proxy port-8000 started.")]
    [TestCase("{\"status\":200")]
    [TestCase("{}")]
    [TestCase("""{"status":"200","end":"--"}""")]
    [TestCase("""{"status":200,"end":""}""")]
    [TestCase("""{"status":99999999999,"end":"--"}""")]
    [TestCase("""{"status":200,"end":7}""")]
    public void A_line_that_is_no_request_is_not_counted(string line) => RequestCounter.Read(line).ShouldBeNull();
}
