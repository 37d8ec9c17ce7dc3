using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Build.Tests;

[CancelAfter(20_000)]
public class SchemaTests
{
    private AbsolutePath _root = null!;

    private AbsolutePath Schema => _root / ".nuke" / "build.schema.json";

    [SetUp]
    public void SetUp() => _root = Directory.CreateTempSubdirectory("recyclic-").FullName;

    [TearDown]
    public void TearDown() => _root.DeleteDirectory();

    [Test]
    public async Task The_schema_describes_what_a_parameters_file_may_hold()
    {
        (_root / ".nuke").CreateDirectory();
        await RunAsync("show");
        var schema = JsonNode.Parse(Schema.ReadAllText())!;
        Values(schema["definitions"]!["ExecutableTarget"]!["enum"]!)
            .ShouldBe(["Show", "Sources", "Leak", "Document", "BuildImages", "PushImages"]);
        Values(schema["definitions"]!["Stage"]!["enum"]!).ShouldBe(["local", "staging", "production-east"]);
        Values(schema["definitions"]!["Verbosity"]!["enum"]!).ShouldContain("minimal");
        var properties = schema["properties"]!.AsObject();
        Text(properties["Count"]).ShouldBe("""{"description":"How many","type":"integer"}""");
        Text(properties["Share"]).ShouldBe("""{"type":"number"}""");
        Text(properties["Stage"]).ShouldBe("""{"description":"Where to","$ref":"#/definitions/Stage"}""");
        Text(properties["KeepWarm"]).ShouldContain("boolean");
        Text(properties["Names"]).ShouldBe("""{"type":"array","items":{"type":"string"}}""");
        Text(properties["RegistryPassword"])
            .ShouldBe(
                """{"description":"The registry\u0027s password (secret: not for a file under version control)","writeOnly":true,"type":"string"}"""
            );
        Text(properties["DryRun"]).ShouldContain("boolean");
        properties.ShouldContainKey("$schema");
        properties.ShouldNotContainKey("Plan");
        schema["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Test]
    public async Task A_parameters_file_that_names_its_schema_is_read()
    {
        (_root / ".nuke" / "parameters.json").WriteAllText("""{ "$schema": "./build.schema.json", "Count": 5 }""");
        (await RunAsync("show")).ShouldContain("count=5 ");
    }

    [Test]
    public async Task Nothing_is_written_when_nothing_has_changed()
    {
        (_root / ".nuke").CreateDirectory();
        await RunAsync("show");
        var before = Listing();
        before.ShouldContain("build.schema.json");
        foreach (
            var arguments in new[] { "show", "--help", "show --plan", ":complete x", "show --tag y --verbosity quiet" }
        )
            await RunAsync(arguments.Split(' '));
        Listing().ShouldBe(before);
    }

    [TestCase("[]")]
    [TestCase(null)]
    public async Task A_schema_that_was_changed_or_deleted_is_made_again(string? content)
    {
        (_root / ".nuke").CreateDirectory();
        await RunAsync("show");
        var right = Schema.ReadAllText();
        if (content is null)
            Schema.DeleteFile();
        else
            Schema.WriteAllText(content);
        await RunAsync("show");
        Schema.ReadAllText().ShouldBe(right);
    }

    [Test]
    public async Task A_schema_that_is_right_already_is_left_alone()
    {
        (_root / ".nuke").CreateDirectory();
        await RunAsync("show");
        var time = File.GetLastWriteTimeUtc(Schema);
        (_root / ".nuke" / "temp").DeleteDirectory();
        await RunAsync("show");
        File.GetLastWriteTimeUtc(Schema).ShouldBe(time);
    }

    [TestCase("--help")]
    [TestCase("show --plan")]
    [TestCase("show --dry-run")]
    [TestCase("shwo")]
    public async Task What_runs_nothing_writes_nothing(string arguments)
    {
        (_root / ".nuke").CreateDirectory();
        await RunAsync(arguments.Split(' '));
        Directory.GetFileSystemEntries(_root / ".nuke").ShouldBeEmpty();
    }

    [Test]
    public async Task Without_its_directory_there_is_no_schema_and_on_a_build_server_none_is_written()
    {
        await RunAsync("show");
        Directory.GetFileSystemEntries(_root).ShouldBeEmpty();
        (_root / ".nuke").CreateDirectory();
        await RunAsync(["show"], new Dictionary<string, string> { ["CI"] = "true" });
        Directory.GetFileSystemEntries(_root / ".nuke").ShouldBeEmpty();
    }

    [Test]
    public async Task The_schema_of_another_root_is_left_alone()
    {
        (_root / ".nuke").CreateDirectory();
        (_root / "other" / ".nuke").CreateDirectory();
        await RunAsync("show", "--root", "other");
        Directory.GetFileSystemEntries(_root / "other" / ".nuke").ShouldBeEmpty();
    }

    private string Listing() =>
        string.Join(
            '\n',
            Directory
                .GetFileSystemEntries(_root, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}")
        );

    private static IEnumerable<string> Values(JsonNode array) =>
        array.AsArray().Select(value => value!.GetValue<string>());

    private static string Text(JsonNode? node) => node?.ToJsonString(JsonSerializerOptions.Web) ?? "";

    private Task<string> RunAsync(params string[] arguments) => RunAsync(arguments, new Dictionary<string, string>());

    private async Task<string> RunAsync(string[] arguments, Dictionary<string, string> environment)
    {
        using var output = new StringWriter();
        var host = new BuildHost
        {
            Output = output,
            Error = output,
            WorkingDirectory = _root,
            RootDirectory = _root,
            Environment = environment,
            KeepsSchema = true,
            KeepsReports = false,
        };
        await RecyclicBuild.RunAsync<SampleBuild>(arguments, host, CancellationToken.None);
        return output.ToString();
    }
}
