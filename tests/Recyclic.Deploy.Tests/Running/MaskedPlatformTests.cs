using System.Text.Json.Nodes;
using Recyclic.Deploy.Tests.Fakes;
using Recyclic.Processes;

namespace Recyclic.Deploy.Tests.Running;

/// <summary>What containers wrote and what the journal gets, without the secrets that are known.</summary>
internal sealed class MaskedPlatformTests
{
    private const string Password = "hunter2-S3cret";

    [Test]
    public async Task A_log_is_masked_by_what_its_container_has()
    {
        var engine = new EventEngine
        {
            Variables = [$"DB_PASSWORD={Password}", "MODE=production", "PATH=/usr/bin:/bin"],
            Log = ["no login with hunter2-", "S3cret in production", "MODE=production"],
            ReadsProbe = () => new Probe(false, Given.Noon, $"401 for {Password}"),
        };
        var masked = new MaskedHealth(engine, new SecretLearner(new Redactor()));
        (await masked.ReadLogAsync("api", 20, CancellationToken.None)).ShouldBe([
            "no login with ***",
            "*** in production",
            "MODE=***",
        ]);
        (await masked.ReadProbeAsync("api", CancellationToken.None))!.Output.ShouldBe("401 for ***");
    }

    [Test]
    public async Task A_log_that_goes_on_is_masked_line_by_line()
    {
        var engine = new EventEngine
        {
            Variables = [$"DB_PASSWORD={Password}"],
            Log = ["no login with hunter2-", "S3cret in production"],
        };
        var masked = new MaskedHealth(engine, new SecretLearner(new Redactor()));
        var lines = new List<string>();
        await foreach (var line in masked.ReadLogAsync("api", new LogQuestion(), CancellationToken.None))
            lines.Add(line.Text);
        lines.ShouldBe(["no login with ***", "*** in production"]);
    }

    [Test]
    public void What_a_compose_model_has_is_found_and_names_of_services_and_images_are_not()
    {
        var model = (JsonObject)JsonNode.Parse(Given.ShopModel)!;
        var service = model["services"]!["api"]!;
        service["environment"] = new JsonObject
        {
            ["DB_PASSWORD"] = "pa$$word$$1",
            ["SECRET_STORE"] = "frontend",
            ["EMPTY"] = null,
        };
        model["secrets"] = new JsonObject { ["key"] = new JsonObject { ["content"] = "abcdef-0123456" } };
        var compose = Given.Model(model);
        var redactor = new Redactor();
        redactor.AddFound(FoundSecrets.In(compose, FoundSecrets.PublicIn(compose)));
        redactor.Redact("pa$word$1, abcdef-0123456, frontend").ShouldBe("***, ***, frontend");
    }

    [Test]
    public void A_file_of_variables_is_read_as_people_write_it() =>
        EnvFileText
            .Parse(
                "# one\nA=1 # the first\nexport B='two # words'\r\nC: \"three\\nlines\nand \\\"more\\\"\"\n\nD=\nE=a=b\nno line"
            )
            .Select(found => (found.Name, found.Value))
            .ShouldBe([("A", "1"), ("B", "two # words"), ("C", "three\nlines\nand \"more\""), ("E", "a=b")]);

    /// <summary>What a role offers by a default would be lost on the way through one that wraps it.</summary>
    [Test]
    public void Who_wraps_a_role_passes_everything_on_and_nothing_by_a_default()
    {
        var struck = typeof(FaultPoints)
            .GetNestedTypes(System.Reflection.BindingFlags.NonPublic)
            .Single(type => type.IsAssignableTo(typeof(ILockedHost)));
        foreach (
            var wrapper in new[]
            {
                typeof(MaskedLock),
                typeof(MaskedHost),
                typeof(MaskedHealth),
                typeof(FaultPoints),
                struck,
            }
        )
        foreach (var role in wrapper.GetInterfaces().Where(role => role.Namespace == typeof(ITraffic).Namespace))
            wrapper
                .GetInterfaceMap(role)
                .TargetMethods.ShouldAllBe(
                    method => !method.DeclaringType!.IsInterface,
                    $"{wrapper.Name}: {role.Name}"
                );
    }
}
