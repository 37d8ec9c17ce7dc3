namespace Recyclic.Workflows.Tests;

public class GeneratedFileTests
{
    public static IEnumerable<string> Workflows() => ["ci", "staging", "production", "hotfix", "rollback"];

    [TestCaseSource(nameof(Workflows))]
    public void A_file_is_all_that_a_workflow_must_be(string workflow) =>
        Invariants.Broken(Shop.Text(workflow), Shop.Graph).ShouldBeEmpty();

    [TestCaseSource(nameof(Workflows))]
    public void A_file_is_as_it_was_agreed(string workflow)
    {
        var file = Path.Combine(TestContext.CurrentContext.TestDirectory, "Expected", workflow + ".yml");
        if (Environment.GetEnvironmentVariable("EXPECTED_WORKFLOWS") is { Length: > 0 } directory)
            File.WriteAllText(Path.Combine(directory, workflow + ".yml"), Shop.Text(workflow));
        Shop.Text(workflow).ShouldBe(File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    [TestCaseSource(nameof(Workflows))]
    public void No_expression_is_in_what_a_shell_reads(string workflow) =>
        Shop.Text(workflow)
            .Split('\n')
            .Where(line => line.Contains("run: ", StringComparison.Ordinal))
            .ShouldAllBe(line => !line.Contains("${{", StringComparison.Ordinal));

    [TestCaseSource(nameof(Workflows))]
    public void The_first_job_checks_the_files(string workflow)
    {
        var text = Shop.Text(workflow);
        var jobs = text[text.IndexOf("\njobs:", StringComparison.Ordinal)..];
        jobs.ShouldStartWith("\njobs:\n  workflows:\n");
        jobs.ShouldContain("      - run: exec ./build.sh Workflows --check\n");
        jobs.Contains("needs: workflows\n", StringComparison.Ordinal).ShouldBe(workflow != "rollback");
    }

    [Test]
    public void A_secret_is_in_the_job_of_its_target_alone()
    {
        var text = Shop.Text("production");
        text.Split("secrets.REGISTRY_PASSWORD").Length.ShouldBe(2);
        Job(text, "images").ShouldContain("REGISTRY_PASSWORD: ${{ secrets.REGISTRY_PASSWORD }}");
        Job(text, "atomic-deploy").ShouldContain("DEPLOY_KEY: ${{ secrets.DEPLOY_KEY }}");
        Job(text, "approve-production").ShouldNotContain("secrets.");
    }

    [Test]
    public void An_input_reaches_the_build_as_a_variable_and_the_secret_value_of_nothing()
    {
        Shop.Text("hotfix").ShouldContain("RECYCLIC_TAG: ${{ inputs.tag }}");
        Job(Shop.Text("hotfix"), "workflows").ShouldNotContain("inputs.");
    }

    [Test]
    public async Task What_is_not_modelled_goes_through_as_it_stands()
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.Ci with
                {
                    Places =
                    [
                        new(b.Test)
                        {
                            Extra = new Yaml.YamlMap(
                                ("services", new Yaml.YamlMap(("db", new Yaml.YamlMap(("image", "postgres:15")))))
                            ),
                            Steps = [new Step("./.github/actions/warm-up").And("level", "2")],
                        },
                    ],
                    Extra = new Yaml.YamlMap(("run-name", "by ${{ github.actor }}")),
                },
            ]
        );
        error.ShouldBeEmpty();
        files[0].Text.ShouldContain("run-name: by ${{ github.actor }}\n");
        files[0].Text.ShouldContain("    services:\n      db:\n        image: postgres:15\n");
        files[0].Text.ShouldContain("      - uses: ./.github/actions/warm-up\n        with:\n          level: '2'\n");
    }

    [Test]
    public void Jobs_with_an_environment_take_nothing_from_a_cache()
    {
        Job(Shop.Text("production"), "atomic-deploy").ShouldNotContain("actions/cache@");
        Job(Shop.Text("production"), "pack")
            .ShouldContain("key: nuget-${{ runner.os }}-${{ hashFiles('**/packages.lock.json', '**/*.csproj', ");
    }

    private static string Job(string text, string id)
    {
        var start = text.IndexOf($"\n  {id}:\n", StringComparison.Ordinal);
        var end = text.IndexOf("\n\n", start + 1, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }
}
