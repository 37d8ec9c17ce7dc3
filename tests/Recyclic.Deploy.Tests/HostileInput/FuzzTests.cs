using System.Text;
using System.Text.Json;
using Docker.DotNet.Models;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Tests.Model;
using Recyclic.Fuzzing;

namespace Recyclic.Deploy.Tests.HostileInput;

/// <summary>Every parser of what is not ours, fed with spoilt samples.</summary>
[CancelAfter(14_400_000)]
internal sealed class FuzzTests
{
    [Test]
    public void A_spoilt_compose_model_is_refused_with_its_mistakes_or_becomes_a_plan() =>
        Fuzz(
            "compose",
            json =>
            {
                var text = Encoding.UTF8.GetString(json);
                var app = ComposeReader.Read(
                    Given.Model(ComposeJson.Parse("docker-compose.yml", text), "1"),
                    engineIsLocal: true
                );
                var plan = DeployPlanner.Deploy(
                    app,
                    Snapshot.Empty(app.Name),
                    Given.Release(app, "1"),
                    new DeployOptions()
                );
                plan.ToText();
                SlotModel.ForSlot(app, Slot.Blue, plan.To, null, new Naming(app.Name), "t.1").ToJsonString();
                SlotModel.ForAccessories(app).ToJsonString();
            },
            exception => exception is ConfigurationException
        );

    [Test]
    public void A_spoilt_answer_of_the_engine_is_read_or_said_not_to_be_understood() =>
        Fuzz(
            "engine",
            json =>
            {
                var inspected = Answer.Of<ContainerInspectResponse>(Encoding.UTF8.GetString(json));
                EngineAnswers.Container(inspected);
                EngineAnswers.Edge(inspected);
                EngineAnswers.Probe(inspected);
            },
            exception => exception is JsonException
        );

    [Test]
    public void A_spoilt_event_is_read_or_said_not_to_be_understood() =>
        Fuzz(
            "events",
            json => EngineAnswers.Event(Answer.Of<Message>(Encoding.UTF8.GetString(json))),
            exception => exception is JsonException
        );

    [Test]
    public void A_spoilt_answer_of_the_edge_is_read() =>
        Fuzz(
            "haproxy",
            text =>
            {
                var lines = Lines(text);
                HAProxyAnswers.OpenSessions(lines, Slot.Blue).ShouldBeGreaterThanOrEqualTo(0);
                HAProxyAnswers.UsableServers(lines);
                LockedHost.ParseState([.. lines]);
            },
            _ => false
        );

    [Test]
    public void A_spoilt_line_of_the_edges_log_is_counted_or_not() =>
        Fuzz(
            "edge-log",
            text =>
            {
                RequestCounter.Read(Encoding.UTF8.GetString(text));
                EdgeRequest.Read(Encoding.UTF8.GetString(text));
            },
            _ => false
        );

    [Test]
    public void A_spoilt_journal_is_read_as_far_as_it_can_be() =>
        Fuzz(
            "journal",
            text =>
            {
                var journal = Journal.Parse(Lines(text));
                foreach (var record in journal.Records)
                    record.ToJson();
                var now = Snapshot.Empty("store") with { Journal = journal, Share = 0 };
                journal.History.ToList().ForEach(entry => entry.ToString());
                if (journal.Previous is { } previous)
                    now.CanReturnTo(previous);
                RecoveryPlanner.Plan(now, new DeployOptions());
                RollbackTarget.Known(now, Given.Noon);
                DeployPlanner.Deploy(Given.Store, now, Given.Release(Given.Store, "9"), new DeployOptions()).ToText();
            },
            _ => false
        );

    [Test]
    public void Spoilt_routes_of_a_container_are_left_out() =>
        Fuzz(
            "routes",
            text =>
            {
                var routes = Route.FromLabel(Encoding.UTF8.GetString(text));
                EdgeConfiguration.For("store", routes, []).Text.ShouldNotContain('\0');
            },
            _ => false
        );

    private static void Fuzz(string parser, Action<byte[]> parse, Func<Exception, bool> documented) =>
        Fuzzer.Run(parser, Corpus.Of("Recyclic.Deploy.Tests", parser), parse, documented);

    private static string[] Lines(byte[] text) => Encoding.UTF8.GetString(text).Split('\n');
}
