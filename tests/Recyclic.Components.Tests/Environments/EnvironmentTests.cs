using Recyclic.Components.Environments;
using Recyclic.Components.Gates;
using Recyclic.Components.Promotion;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests.Environments;

public sealed class EnvironmentTests
{
    private static readonly DeployEnvironment Staging = new("staging")
    {
        Engine = EngineAddress.FromVariable("STAGING_ENGINE"),
        Secrets = [new("DB_PASSWORD") { From = "STAGING_DB_PASSWORD" }],
        Variables = [new("PORT", "81")],
    };

    [Test]
    public void Environments_that_make_sense_have_no_mistake() =>
        EnvironmentCheck
            .Mistakes([
                DeployEnvironment.Local,
                Staging,
                new("production")
                {
                    Engine = EngineAddress.Ssh("deploy@shop.example"),
                    Registry = "r.example:5000",
                    PromotesFrom = "staging",
                    NeedsApproval = true,
                    Gates = [new SoakGate(TimeSpan.FromHours(1))],
                },
            ])
            .ShouldBeEmpty();

    [Test]
    public void Every_mistake_is_told_at_once_with_its_place()
    {
        var mistakes = EnvironmentCheck
            .Mistakes([
                new("Prod uction")
                {
                    Registry = "https://r.example",
                    Project = "No",
                    PublicUrl = "shop.example",
                    SmokeTests = [new("version")],
                    Variables = [new("A-B", "1"), new("TAG", "x")],
                },
                new("twin")
                {
                    Engine = EngineAddress.Ssh("-oProxyCommand=x"),
                    PromotesFrom = "nowhere",
                    ApprovalLifetime = TimeSpan.Zero,
                    Notifications = ["pigeon"],
                    Gates = [new WindowGate(new("", new(9, 0), new(16, 0)))],
                },
            ])
            .Select(mistake => mistake.ToString())
            .ToList();
        foreach (
            var expected in new[]
            {
                "'Prod uction' cannot be an environment's name",
                "has a scheme",
                "'No' cannot be an application's name",
                "'shop.example' is not an http or https address",
                "'version' is not a path",
                "'A-B' cannot be a variable's name",
                "TAG is set by the deployer itself",
                "is not ssh://user@host",
                "there is no environment nowhere",
                "an approval would never be valid",
                "there is no channel pigeon",
                "environment twin, gate 'window': the window has no time zone",
            }
        )
            mistakes.ShouldContain(mistake => mistake.Contains(expected, StringComparison.Ordinal), expected);
    }

    [Test]
    public void A_cyclic_promotion_is_told_once() =>
        EnvironmentCheck
            .Mistakes([
                new("a") { Project = "a", PromotesFrom = "c" },
                new("b") { Project = "b", PromotesFrom = "a" },
                new("c") { Project = "c", PromotesFrom = "b" },
            ])
            .ShouldHaveSingleItem()
            .What.ShouldBe("a release can never arrive: a from c from b from a");

    [Test]
    public void Gates_that_nobody_would_ask_are_a_mistake() =>
        EnvironmentCheck
            .Mistakes([new("a") { Gates = [new ChangelogGate()] }])
            .ShouldHaveSingleItem()
            .What.ShouldStartWith("nobody would ask them");

    [Test]
    public void Two_environments_that_would_replace_each_other_are_a_mistake() =>
        EnvironmentCheck
            .Mistakes([new("a"), new("b")])
            .ShouldHaveSingleItem()
            .What.ShouldContain("one would replace the other");

    [Test]
    public void A_name_that_is_there_twice_is_a_mistake() =>
        EnvironmentCheck
            .Mistakes([new("a") { Project = "x" }, new("a") { Project = "y" }])
            .ShouldHaveSingleItem()
            .What.ShouldBe("is there twice");

    [Test]
    public void What_is_missing_is_named()
    {
        var environment = Of([]);
        environment
            .Missing.Select(problem => problem.What)
            .ShouldBe(["the variable STAGING_ENGINE is not set", "the variable STAGING_DB_PASSWORD is not set"]);
        Should
            .Throw<ConfigurationException>(environment.ThrowIfIncomplete)
            .Message.ShouldContain("STAGING_DB_PASSWORD");
    }

    [Test]
    public void Variables_reach_docker_with_the_engine_and_secrets_compose_alone()
    {
        var environment = Of(
            new() { ["STAGING_ENGINE"] = "ssh://deploy@shop.example", ["STAGING_DB_PASSWORD"] = "s3cret" }
        );
        var variables = environment.DockerVariables;
        variables["DOCKER_HOST"].ShouldBe("ssh://deploy@shop.example");
        variables["DOCKER_CONTEXT"].ShouldBe("");
        variables["PORT"].ShouldBe("81");
        variables.Values.ShouldNotContain("s3cret");
        var secrets = environment.DeclaredSecrets(["DEPLOY_SSH_KEY"], [environment.Spec]);
        secrets.Given["DB_PASSWORD"].ShouldBe("s3cret");
        secrets.Withholds("DB_PASSWORD").ShouldBeFalse();
        secrets.Withholds("STAGING_DB_PASSWORD").ShouldBeTrue("compose has it by the name that the files know");
        secrets.Withholds("DEPLOY_SSH_KEY").ShouldBeTrue();
    }

    [Test]
    public void A_secret_may_come_from_a_file()
    {
        Of(new() { ["STAGING_ENGINE"] = "local", ["STAGING_DB_PASSWORD_FILE"] = "/run/db" })
            .SecretValues["DB_PASSWORD"]
            .ShouldBe("of /run/db");
        Of(new() { ["STAGING_ENGINE"] = "local", ["STAGING_DB_PASSWORD_FILE"] = "/absent" })
            .Missing.ShouldHaveSingleItem()
            .What.ShouldContain("cannot be read");
    }

    [Test]
    public void An_engine_that_cannot_be_is_missing_too() =>
        Of(new() { ["STAGING_ENGINE"] = "ftp://x", ["STAGING_DB_PASSWORD"] = "x" })
            .EngineProblem!.What.ShouldContain("STAGING_ENGINE: 'ftp://x'");

    [Test]
    public void The_local_environment_changes_nothing() =>
        EffectiveEnvironment
            .Of(DeployEnvironment.Local, new Dictionary<string, string>(), _ => null)
            .DockerVariables.ShouldBeEmpty();

    [TestCase("s3cret with \"quotes\" and\nlines ${{ x }} %")]
    public void A_secret_is_shown_nowhere(string secret)
    {
        var environment = Of(new() { ["STAGING_ENGINE"] = "ctx", ["STAGING_DB_PASSWORD"] = secret });
        foreach (
            var text in new[]
            {
                environment.ToString(),
                EnvironmentReport.ToText([environment]),
                EnvironmentReport.ToJson([environment]),
            }
        )
        {
            text.ShouldNotContain("s3cret");
            text.ShouldContain("staging");
        }
        EnvironmentReport
            .ToText([environment])
            .ShouldBe(
                """
                staging
                  engine       context ctx (by STAGING_ENGINE)
                  PORT         81
                  DB_PASSWORD  *** (by STAGING_DB_PASSWORD)
                """
            );
    }

    [TestCase(200, "{\"version\":\"abc\"}", null)]
    [TestCase(500, "", "status 500, expected 200")]
    [TestCase(200, "{\"version\":\"old\"}", "the answer does not hold \"\"abc\"\"")]
    public void A_smoke_test_asks_for_this_very_version(int status, string body, string? why) =>
        SmokeResult.Judge(new SmokeTest("/version") { Contains = "\"{tag}\"" }, "abc", status, body).ShouldBe(why);

    private static EffectiveEnvironment Of(Dictionary<string, string> given) =>
        EffectiveEnvironment.Of(Staging, given, path => path == "/absent" ? null : $"of {path}\n");
}
