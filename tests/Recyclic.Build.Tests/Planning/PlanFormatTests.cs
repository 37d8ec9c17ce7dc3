using System.Text.Json;
using Serilog;

namespace Recyclic.Build.Tests.Planning;

[CancelAfter(20_000)]
public class PlanFormatTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCase("Deploy --plan")]
    [TestCase("Deploy --plan text")]
    [TestCase("--plan text Deploy")]
    [TestCase("--plan Deploy")]
    [TestCase("Deploy --plan=TEXT")]
    public async Task As_text_it_is_a_numbered_list(string arguments)
    {
        var run = await _host.RunAsync<Planned>(arguments.Split(' '));
        run.Error.ShouldBe("");
        run.Output.ShouldBe(
            """
            Plan:
              1. Images
              2. end       // skipped: OnlyWhen: 1 < Count && "a" == "#"
              3. Deploy  -> Images, end
              4. Notify

            """
        );
    }

    [TestCase("Deploy Check --plan mermaid")]
    [TestCase("--plan mermaid Deploy Check")]
    [TestCase("Deploy Check --plan=mermaid")]
    public async Task As_a_flowchart_edges_differ_by_kind_and_names_are_no_keywords(string arguments)
    {
        var run = await _host.RunAsync<Planned>(arguments.Split(' '));
        run.Error.ShouldBe("");
        run.Output.ShouldBe(
            """
            flowchart TD
                t1["Images"]
                t2["end<br/>skipped: OnlyWhen: 1 #lt; Count && #quot;a#quot; == #quot;#35;#quot;"]
                t3["Deploy"]
                t4["Notify"]
                t5["Check"]
                t1 --> t3
                t2 --> t3
                t3 ==> t4
                t3 -.-> t5
                classDef skipped stroke-dasharray: 4
                class t2 skipped

            """
        );
    }

    [TestCase("Deploy --plan json")]
    [TestCase("Deploy --plan=json")]
    [TestCase("Deploy --plan --json")]
    public async Task As_json_it_is_one_document(string arguments)
    {
        var run = await _host.RunAsync<Planned>(arguments.Split(' '));
        run.Error.ShouldBe("");
        var document = JsonDocument.Parse(run.Output).RootElement;
        document.GetProperty("schemaVersion").GetInt32().ShouldBe(1);
        var targets = document.GetProperty("targets").EnumerateArray().ToArray();
        targets.Select(t => t.GetProperty("name").GetString()).ShouldBe(["Images", "end", "Deploy", "Notify"]);
        targets.Select(t => t.GetProperty("invoked").GetBoolean()).ShouldBe([false, false, true, false]);
        targets[0].GetProperty("description").GetString().ShouldBe("Builds \"them\"");
        targets[0].GetProperty("produces")[0].GetString().ShouldBe("out/*.tar");
        targets[0].GetProperty("skipped").ValueKind.ShouldBe(JsonValueKind.Null);
        targets[1].GetProperty("skipped").GetString().ShouldBe("OnlyWhen: 1 < Count && \"a\" == \"#\"");
        targets[2].GetProperty("dependsOn").EnumerateArray().Select(d => d.GetString()).ShouldBe(["Images", "end"]);
        targets[2].GetProperty("triggers")[0].GetString().ShouldBe("Notify");
    }

    [Test]
    public async Task A_plan_runs_nothing_and_needs_no_required_value()
    {
        var run = await _host.RunAsync<Planned>("Needy", "--plan");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldNotContain("ran");
    }

    [Test]
    public async Task An_unknown_form_is_refused()
    {
        var run = await _host.RunAsync<Planned>("Deploy", "--plan=mermiad");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--plan: 'mermiad' is not one of text, mermaid, json (did you mean mermaid?)");
    }

    public class Planned : RecyclicBuild
    {
        private int Count { get; } = 1;

        [Parameter]
        public string? Tag { get; set; }

        public Target Images =>
            _ => _.Description("Builds \"them\"").Produces("out/*.tar").Executes(() => Log.Information("ran"));
#pragma warning disable IDE1006 // A name that Mermaid has a use for itself.
        public Target end =>
            _ => _.OnlyWhenStatic(() => 1 < Count && "a" == "#").Executes(() => Log.Information("ran"));
#pragma warning restore IDE1006
        public Target Deploy => _ => _.DependsOn(Images, end).Triggers(Notify).Executes(() => Log.Information("ran"));
        public Target Notify => _ => _.Executes(() => Log.Information("ran"));
        public Target Check => _ => _.After(Deploy).Executes(() => Log.Information("ran"));
        public Target Needy => _ => _.Requires(() => Tag).Executes(() => Log.Information("ran"));
    }
}
