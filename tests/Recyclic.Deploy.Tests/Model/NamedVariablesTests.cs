using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Faults;
using Recyclic.Processes;

namespace Recyclic.Deploy.Tests.Model;

internal sealed class NamedVariablesTests
{
    [TestCase("a: $A ${B} ${C:-${D}} ${E:?no} ${F+x}", "A B C D E F")]
    [TestCase("a: $$A $$B: $$$C", "C")]
    [TestCase("environment:\n  - A\n  - \"B\"\n  - C=1\n  - D # a note", "environment A B D")]
    [TestCase("environment:\n  A:\n  B: null\n  C: ~\n  D: 1", "environment A B C")]
    [TestCase("environment: [A, \"B\", C=1]", "A B")]
    [TestCase("environment: { A: , B: null, C: 1 }", "A B")]
    [TestCase("{\"environment\":[\"A\",\"B\"]}", "A B")]
    [TestCase("secrets:\n  token:\n    environment: \"A\"", "secrets token A")]
    [TestCase("secrets: { token: { environment: A } }", "A")]
    [TestCase("A\nexport B\nC=$D\n# E", "A B D")]
    public void Every_way_to_name_a_variable_is_seen(string text, string names) =>
        NamedVariables.In(text).ShouldBe(names.Split(' '), ignoreOrder: true);

    [TestCase("include: [a.yml, \"b.yml\"]", "a.yml b.yml")]
    [TestCase("include:\n  - a.yml\n  - path: b.yml\n    env_file: c.env\nservices: { d.yml: 1 }", "a.yml b.yml c.env")]
    [TestCase("services:\n  api:\n    env_file:\n    - a.env\n    image: b.yml", "a.env")]
    [TestCase("    env_file: a.env\n    image: b", "a.env")]
    [TestCase("    extends: { file: a.yml, service: base }\n    image: b", "a.yml base")]
    [TestCase("    env_file: ${STAGE}.env\n", "live.env")]
    [TestCase("    env_file: \"${OTHER:-test}.env\"\n", "test.env")]
    public void Files_that_are_drawn_in_are_seen(string text, string paths) =>
        NamedVariables
            .PathsIn(text, name => name == "STAGE" ? "live" : null)
            .ShouldBe(paths.Split(' '), ignoreOrder: true);

    [TestCase("GITHUB_TOKEN")]
    [TestCase("ACTIONS_RUNTIME_TOKEN")]
    [TestCase("ACTIONS_ANYTHING_THAT_COMES")]
    [TestCase("CI_JOB_TOKEN")]
    [TestCase("CI_REPOSITORY_URL")]
    [TestCase("SYSTEM_ACCESSTOKEN")]
    [TestCase("DEPLOY_SSH_KEY")]
    public void A_credential_of_a_CI_system_is_withheld_unless_it_is_given(string name)
    {
        DeclaredSecrets.None.Withholds(name).ShouldBeTrue();
        new DeclaredSecrets(ImmutableDictionary<string, string>.Empty.Add(name, "x"), [name])
            .Withholds(name)
            .ShouldBeFalse();
    }

    [TestCase("TAG")]
    [TestCase("CI_COMMIT_SHA")]
    [TestCase("GITHUB_SHA")]
    [TestCase("POSTGRES_PASSWORD")]
    public void What_nobody_has_declared_is_not_withheld(string name) =>
        DeclaredSecrets.None.Withholds(name).ShouldBeFalse();

    [Test]
    public void A_record_of_secrets_does_not_print_them() =>
        $"{new DeclaredSecrets(ImmutableDictionary<string, string>.Empty.Add("A", "s3cret"), ["B"])}".ShouldBe("B");

    [Test]
    public void A_use_is_told_by_its_place_and_a_listed_one_is_had()
    {
        var standIns = WithheldUse.StandInsFor(["A", "B"]);
        var model = (JsonObject)
            JsonNode.Parse(
                $$"""
                {
                  "services": {
                    "api": { "environment": { "X": "p-{{standIns["A"]}}-q" } },
                    "web": { "command": ["run", "{{standIns["B"]}}"], "labels": { "{{standIns["A"]}}": "1" } }
                  },
                  "secrets": { "key": { "environment": "B" } },
                  "configs": { "site": { "content": "{{standIns["B"]}}" } }
                }
                """
            )!;
        var extensions = new JsonObject { ["api"] = new JsonObject { ["secrets"] = new JsonArray("A") } };
        Should
            .Throw<ConfigurationException>(() =>
                WithheldUse.Judge("compose.yml", model, extensions, standIns, _ => "a secret")
            )
            .Problems.Select(problem => problem.Place)
            .ShouldBe([
                "compose.yml: services.web.command",
                "compose.yml: services.web.labels.${A}",
                "compose.yml: configs.site.content",
            ]);
        ((JsonObject)model["services"]!).Remove("web");
        model.Remove("configs");
        WithheldUse
            .Judge("compose.yml", model, extensions, standIns, _ => "a secret")
            .ShouldBe(["A", "B"], ignoreOrder: true);
    }

    [Test, Platform("Unix"), UnsupportedOSPlatform("windows")]
    public void A_fault_is_obeyed_only_with_a_private_file_that_says_the_same()
    {
        var folder = PrivateFiles.CreateFolder("fault-");
        try
        {
            var pass = FaultPass.Grant(folder.FullName, Fault.Parse("kill@before:Commit:1")!);
            var (asked, file) = (pass[Fault.Variable], pass[FaultPass.Variable]);
            FaultPass.IsFor(asked, file).ShouldBeTrue();
            FaultPass.IsFor("kill@before:Commit:2", file).ShouldBeFalse();
            FaultPass.IsFor(asked, null).ShouldBeFalse();
            FaultPass.IsFor(asked, Path.GetFileName(file)).ShouldBeFalse("it is no whole path");
            FaultPass.IsFor(asked, folder.FullName).ShouldBeFalse();
            FaultPass.IsFor(asked, "/nowhere/at all").ShouldBeFalse();
            var link = Path.Combine(folder.FullName, "link");
            File.CreateSymbolicLink(link, file);
            FaultPass.IsFor(asked, link).ShouldBeFalse();
            folder.UnixFileMode |= UnixFileMode.OtherExecute;
            FaultPass.IsFor(asked, file).ShouldBeFalse("others may look into its folder");
            folder.UnixFileMode &= ~UnixFileMode.OtherExecute;
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.GroupWrite);
            FaultPass.IsFor(asked, file).ShouldBeFalse("others may write it");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
