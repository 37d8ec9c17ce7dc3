namespace Recyclic.Components.Tests;

/// <summary>
/// Wherever compose takes an application's name from, every target means the same application. Compose is the real one,
/// the engine has nothing.
/// </summary>
[NonParallelizable, CancelAfter(300_000)]
public sealed class IdentityTests
{
    private const string Services = IdentityPlace.Services;

    private static readonly string[] Targets =
    [
        "AtomicDeploy",
        "DeployStaging",
        "Rollback",
        "Retire",
        "Status",
        "History",
        "Logs",
        "Recover",
        "Unlock",
        "Unlock --force",
        "ApproveProduction",
    ];

    [TestCase("My Shop", "", "", "", "myshop", TestName = "{m}(the folder)")]
    [TestCase("shop", "name: plain\n", "", "", "plain", TestName = "{m}(name:)")]
    [TestCase("renamed", "name: plain\n", "", "", "plain", TestName = "{m}(name: in a renamed folder)")]
    [TestCase("shop", "name: Shop_TWO\n", "", "", "shop_two", TestName = "{m}(name: with capitals)")]
    [TestCase("shop", "name: shop-${STAGE:-dev}\n", "", "", "shop-dev", TestName = "{m}(name: with a default)")]
    [TestCase(
        "shop",
        "name: shop-${STAGE:-dev}\n",
        "STAGE=eu",
        "",
        "shop-eu",
        TestName = "{m}(name: with a variable of .env)"
    )]
    [TestCase(
        "shop",
        "name: rvdev\n",
        "COMPOSE_PROJECT_NAME=rvprod",
        "",
        "rvprod",
        TestName = "{m}(COMPOSE_PROJECT_NAME in .env)"
    )]
    [TestCase(
        "shop",
        "name: rvdev\n",
        "COMPOSE_PROJECT_NAME='rvprod' # quoted",
        "",
        "rvprod",
        TestName = "{m}(COMPOSE_PROJECT_NAME in .env, quoted)"
    )]
    [TestCase(
        "shop",
        "",
        "COMPOSE_FILE=docker-compose.yml:more.yml",
        "",
        "from-more",
        TestName = "{m}(COMPOSE_FILE in .env)"
    )]
    [TestCase(
        "shop",
        "name: rvdev\n",
        "COMPOSE_PROJECT_NAME=rvprod",
        "COMPOSE_PROJECT_NAME=of-the-environment",
        "of-the-environment",
        TestName = "{m}(COMPOSE_PROJECT_NAME in the environment)"
    )]
    [TestCase(
        "shop",
        "name: rvdev\n",
        "COMPOSE_PROJECT_NAME=rvprod",
        "COMPOSE_FILE=more.yml",
        "rvprod",
        TestName = "{m}(COMPOSE_FILE in the environment)"
    )]
    [TestCase(
        "shop",
        "name: rvdev\n",
        "COMPOSE_PROJECT_NAME=rvprod",
        "--project given",
        "given",
        TestName = "{m}(--project)"
    )]
    [TestCase(
        "shop",
        "",
        "",
        "--compose-file other/elsewhere.yml",
        "other",
        TestName = "{m}(--compose-file of another folder)"
    )]
    public async Task Every_target_means_the_same_application(
        string folder,
        string name,
        string dotEnv,
        string more,
        string expected
    )
    {
        await using var place = new IdentityPlace(folder, name + Services, dotEnv);
        var options = more.StartsWith("--", StringComparison.Ordinal) ? more.Split(' ') : [];
        var variable = options.Length == 0 && more.Length > 0 ? more.Split('=') : null;
        if (variable is not null)
            Environment.SetEnvironmentVariable(variable[0], variable[1]);
        try
        {
            foreach (var target in Targets)
            {
                var (_, output) = await place.RunAsync([.. target.Split(' '), "--tag", "v1", "--dry-run", .. options]);
                place.ShouldHaveMeant(expected, $"{target}\n{output}");
                if (target is not ("Status" or "History" or "Logs" or "Unlock"))
                    output.ShouldContain($"{expected} (", customMessage: target);
            }
        }
        finally
        {
            if (variable is not null)
                Environment.SetEnvironmentVariable(variable[0], null);
        }
    }

    [Test]
    public async Task A_name_that_compose_refuses_is_refused_by_every_target_in_its_words()
    {
        await using var place = new IdentityPlace("shop", Services, "COMPOSE_PROJECT_NAME=No Name");
        foreach (var target in Targets)
        {
            var (exitCode, output) = await place.RunAsync([.. target.Split(' '), "--tag", "v1", "--dry-run"]);
            exitCode.ShouldBe(2, output);
            output.ShouldContain(
                "invalid project name \"No Name\": must consist only of lowercase alphanumeric characters"
            );
            output.ShouldContain("--project <name>");
        }
    }

    [Test]
    public async Task A_name_that_differs_by_release_is_no_application()
    {
        await using var place = new IdentityPlace("shop", "name: shop-${TAG}\n" + Services, "");
        var (exitCode, output) = await place.RunAsync(["Rollback", "--dry-run"]);
        exitCode.ShouldBe(2, output);
        output.ShouldContain("the application's name depends on TAG");
    }

    [Test]
    public async Task What_only_needs_the_name_asks_for_no_secret_and_no_file_of_a_service()
    {
        await using var place = new IdentityPlace(
            "shop",
            "name: shop-${STAGE:-dev}\nservices:\n  web:\n    image: team/web:${TAG}\n    env_file: [secret.env]\n    environment: { A: \"${DB_PASSWORD:?is a secret}\" }\n    ports: [\"${PORT:?}:80\"]\n",
            ""
        );
        foreach (var target in new[] { "Status", "Unlock", "History" })
        {
            var (exitCode, output) = await place.RunAsync([target]);
            exitCode.ShouldBe(0, output);
            place.ShouldHaveMeant("shop-dev", target);
        }
    }

    [Test]
    public async Task The_first_line_of_a_change_names_application_environment_and_engine()
    {
        await using var place = new IdentityPlace("shop", "name: plain\n" + Services, "");
        var (exitCode, output) = await place.RunAsync(["AtomicDeploy", "--tag", "v1", "--dry-run", "--no-logo"]);
        exitCode.ShouldBe(0, output);
        output
            .IndexOf($"plain (local) on {place.Engine.Address}", StringComparison.Ordinal)
            .ShouldBeInRange(0, output.IndexOf("deploy plain: v1 (first release)", StringComparison.Ordinal));
    }
}
