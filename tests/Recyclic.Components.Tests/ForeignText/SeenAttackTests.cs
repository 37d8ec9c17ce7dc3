using Recyclic.Build;
using Recyclic.Build.Testing;
using Recyclic.Components.Environments;
using Recyclic.Components.Gates;
using Recyclic.Components.Tests.Memory;
using Recyclic.Deploy.Testing;

namespace Recyclic.Components.Tests.ForeignText;

/// <summary>The attacks on what a person or a runner reads, as they were seen, word for word.</summary>
[CancelAfter(120_000)]
public sealed class SeenAttackTests
{
    private const string Password = "hunter2-S3cret";

    [TestCase("::stop-commands::x", "\\::stop-commands::x")]
    [TestCase("::set-output name=tag::evil", "\\::set-output name=tag::evil")]
    [TestCase("   ::add-path::/tmp/evil", "\\::add-path::/tmp/evil")]
    [TestCase("##[error]all is lost", "##\\[error]all is lost")]
    [TestCase("well ##[add-matcher]m.json", "well ##\\[add-matcher]m.json")]
    public async Task A_failing_image_commands_no_runner(string says, string shown)
    {
        var host = new MemoryHost(new MemoryApplication("shop").Service("api", "shop/api:${TAG}", port: 8000));
        var tester = new BuildTester { Environment = { ["GITHUB_ACTIONS"] = "true" } }.On(host);
        (await tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v1")).ExitCode.ShouldBe(0);
        host.Let("shop/api:v2", Fate.Exits, says);
        var run = await tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v2");
        run.ExitCode.ShouldBe(1);
        run.Output.ShouldContain(shown);
        run.Output.ShouldContain("::group::AtomicDeploy\n");
        foreach (var line in (run.Output + run.Error).Split('\n', '\r'))
        {
            line.ShouldNotContain("##[");
            if (line.Trim().StartsWith("::", StringComparison.Ordinal))
                line.ShouldMatch(@"\A::(group|endgroup|error|warning)\b");
        }
    }

    [TestCase("bob \e[2J\e[H[x] approver   ann approves what bob wrote")]
    [TestCase("bob \u202egnp")]
    [TestCase("bob\n  [x] checks     12 green")]
    public async Task An_author_does_not_redraw_the_checklist_above_the_question(string author)
    {
        Listing.Author.Value = author;
        var run = await new BuildTester
        {
            Configure = host => host with { IsColoured = true, TerminalWidth = 120 },
        }.RunAsync<Listing>("List");
        run.Output.ShouldContain("[x] approver   mallory approves what bob");
        run.Output.ShouldNotContain("\e[2J");
        run.Output.ShouldNotContain("\u202e");
        run.Output.Split('\n').Count(line => line.StartsWith("  [", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Test]
    public async Task An_author_of_10_kB_leaves_the_checklist_readable()
    {
        Listing.Author.Value = "bob " + new string('x', 10_000);
        var run = await new BuildTester().RunAsync<Listing>("List");
        run.Output.Length.ShouldBeLessThan(6_000);
    }

    [TestCase(".env")]
    [TestCase("env_file")]
    [TestCase("secrets")]
    [TestCase("environment")]
    public async Task A_failure_report_has_no_password_that_compose_read(string from)
    {
        var folder = Directory.CreateTempSubdirectory("recyclic-foreign-");
        try
        {
            void Write(string file, string text) => File.WriteAllText(Path.Combine(folder.FullName, file), text);
            Write("db-password.txt", Password + "\n");
            Write("api.env", $"DB_PASSWORD={Password}\n");
            if (from == ".env")
                Write(".env", $"DB_PASSWORD='{Password}'\n");
            var how = from switch
            {
                ".env" => "environment: { DATABASE_URL: \"postgres://app:${DB_PASSWORD}@db/shop\" }",
                "env_file" => "env_file: api.env",
                "secrets" => "secrets: [db]",
                _ => $"environment: {{ DB_PASSWORD: {Password} }}",
            };
            Write(
                "compose.yaml",
                $$"""
                name: shop
                services:
                  api:
                    image: shop/api:${TAG}
                    healthcheck: { test: ["CMD", "true"] }
                    ports: ["8000:8000"]
                    {{how}}
                secrets:
                  db: { file: ./db-password.txt }
                """
            );
            var host = new MemoryHost();
            var tester = new BuildTester { RootDirectory = folder.FullName }.On(host);
            var first = await tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v1");
            first.ExitCode.ShouldBe(0, first.Output);
            host.Let(
                "shop/api:v2",
                Fate.Exits,
                $"cannot reach postgres://app:{Password}@db, the password is {Password}, in production on port 8000"
            );
            var run = await tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v2");
            run.ExitCode.ShouldBe(1);
            run.Output.ShouldContain(
                "cannot reach postgres://app:***@db, the password is ***, in production on port 8000"
            );
            (run.Output + run.Error).ShouldNotContain(Password);
            host.History[^1].Reason.ShouldNotBeNull().ShouldNotContain(Password);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task What_compose_resolved_to_an_ordinary_word_masks_no_other_text()
    {
        var host = new MemoryHost(
            MemoryApplication.FromJson(
                """
                {"name":"shop","services":{"api":{"image":"shop/api:${TAG}","healthcheck":{"test":["CMD","true"]},
                "ports":[{"target":8000,"published":"8000"}],
                "environment":{"MODE":"production","PORT":"8080","DEBUG":"true","DB_PASSWORD":"postgres","DB_USER":"app"}}}}
                """
            )
        );
        var tester = new BuildTester().On(host);
        (await tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v1")).ExitCode.ShouldBe(0);
        host.Let(
            "shop/api:v2",
            Fate.Exits,
            "true production app on 8080 asks postgres with DB_PASSWORD=postgres, MODE=production, postgres://app:postgres@db"
        );
        var run = await tester.RunAsync<ShopBuild>("AtomicDeploy", "--tag", "v2");
        run.Output.ShouldContain(
            "true production app on 8080 asks postgres with DB_PASSWORD=***, MODE=***, postgres://app:***@db"
        );
    }

    public sealed class Listing : RecyclicBuild
    {
        public static readonly AsyncLocal<string> Author = new();

        public Target List =>
            _ =>
                _.Executes(() =>
                    WriteLine(
                        Checklist
                            .Of(
                                new GateFacts(
                                    new DeployEnvironment("production")
                                    {
                                        NeedsApproval = true,
                                        Gates = [new ApproverGate()],
                                    },
                                    Outcomes.Start,
                                    "abc1234",
                                    "d1"
                                )
                                {
                                    Authors = [Author.Value!],
                                    Approver = "mallory",
                                }
                            )
                            .ToText()
                    )
                );
    }
}
