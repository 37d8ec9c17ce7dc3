using Recyclic.Workflows.Planning;

namespace Recyclic.Workflows.Tests;

public class PlanningTests
{
    [Test]
    public void Production_is_a_job_for_each_place_in_the_order_of_the_targets() =>
        Shape("production")
            .ShouldBe(
                """
                pack: Setup | Test Pack
                images: Setup | BuildImages PushImages <- pack
                deploy-staging: Setup | DeployStaging <- images
                approve-production:  | ApproveProduction <- images deploy-staging
                atomic-deploy: Setup | AtomicDeploy <- images approve-production
                recover: Setup | Recover <- atomic-deploy

                """
            );

    [Test]
    public void What_comes_after_a_gate_is_known_by_it()
    {
        var jobs = Shop.Jobs("production");
        jobs.JobOf("AtomicDeploy").Gates.ShouldBe(["ApproveProduction"]);
        jobs.JobOf("DeployStaging").Gates.ShouldBeEmpty();
    }

    [Test]
    public void An_output_is_read_from_the_job_that_sets_it() =>
        Shop.Jobs("staging").JobOf("DeployStaging").Inputs.ShouldBe([new HandedOutput("Digests", "images")]);

    [Test]
    public async Task A_target_that_is_left_out_has_no_job_and_what_it_alone_needs_has_none_either()
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.Production with
                {
                    Places = [Approval],
                    Targets = [b.ApproveProduction],
                    Skips = [nameof(ShopBuild.DeployStaging)],
                },
            ]
        );
        error.ShouldBeEmpty();
        files[0].Text.ShouldContain("  approve-production:\n    needs: workflows\n");
        files[0].Text.ShouldNotContain("Images");
    }

    [Test]
    public async Task An_output_reaches_what_only_comes_later_too()
    {
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.Staging with
                {
                    Targets = [b.PushImages, b.Report],
                    Places = [new(b.BuildImages, b.PushImages, b.Report)],
                },
                b.Staging with
                {
                    Name = "apart",
                    Targets = [b.PushImages, b.Report],
                    Places = [new(b.BuildImages, b.PushImages), new(b.Report)],
                },
            ]
        );
        error.ShouldBeEmpty();
        files[0].Text.ShouldContain("exec ./build.sh Setup BuildImages PushImages Report --skip");
        files[1].Text.ShouldContain("  report:\n    needs:\n      - workflows\n      - push-images\n");
        files[1].Text.ShouldContain("          RECYCLIC_OUTPUT_DIGESTS: ${{ needs.push-images.outputs.Digests }}\n");
    }

    [Test]
    public async Task A_rescue_may_only_read_and_sees_no_token_and_no_secret_beyond_what_is_named()
    {
        Place Deploy(ShopBuild b) =>
            Place.Deploy("production", b.Rollback) with
            {
                Permissions = Permissions
                    .ReadContents.And("contents", "write")
                    .And("actions", "read")
                    .And("deployments", "write")
                    .And("id-token", "write"),
                Secrets = ["GITHUB_TOKEN", "SLACK_WEBHOOK", "DB_PASSWORD"],
                Variables = ["PRODUCTION_ENGINE"],
                Rescue = b.Recover,
            };
        var (files, error) = await Shop.GenerateAsync(b =>
            [
                b.RollbackByHand with
                {
                    Places = [Deploy(b)],
                },
                b.RollbackByHand with
                {
                    Name = "less",
                    Places = [Deploy(b) with { RescueSecrets = ["DB_PASSWORD"] }],
                },
            ]
        );
        error.ShouldBeEmpty();
        var rescue = files[0].Text[files[0].Text.IndexOf("\n  recover:", StringComparison.Ordinal)..];
        rescue.ShouldContain("    permissions:\n      contents: read\n      id-token: write\n");
        rescue.ShouldContain("SLACK_WEBHOOK");
        rescue.ShouldContain("PRODUCTION_ENGINE: ${{ vars.PRODUCTION_ENGINE }}");
        rescue.ShouldNotContain("GITHUB_TOKEN");
        files[1]
            .Text[files[1].Text.IndexOf("\n  recover:", StringComparison.Ordinal)..]
            .ShouldNotContain("SLACK_WEBHOOK");
    }

    private static Place Approval => Place.Gate("production-approval", nameof(ShopBuild.ApproveProduction));

    [Test]
    public void Files_go_from_the_job_that_makes_them_to_the_one_that_reads_them()
    {
        var jobs = Shop.Jobs("production");
        jobs.JobOf("AtomicDeploy").Downloads.Select(artifact => artifact.Name).ShouldBe(["pack"]);
        jobs.JobOf("Pack").Uploads.Single(artifact => artifact.Name == "pack").IsConsumed.ShouldBeTrue();
        jobs.JobOf("Test").Uploads.Single(artifact => artifact.Name == "test").IsConsumed.ShouldBeFalse();
    }

    [TestCase("output", "output/*.nupkg")]
    [TestCase("output", "output")]
    [TestCase("output", "output/one.zip")]
    [TestCase("output", "output/a/*.zip", "output/b/*.zip")]
    [TestCase(".", "a/*.zip", "b/*.zip")]
    [TestCase(".", "*.zip")]
    [TestCase(".nuke/temp/test-results", ".nuke/temp/test-results/*.trx")]
    public void Files_are_put_back_where_they_were(string root, params string[] patterns) =>
        ArtifactRoot.Of([.. patterns]).ShouldBe(root);

    [TestCase("BuildImages", "build-images")]
    [TestCase("UploadSBOMFile", "upload-sbom-file")]
    [TestCase("Test2Go", "test2-go")]
    public void A_job_is_called_as_its_target(string target, string job) => Names.Kebab(target).ShouldBe(job);

    private static string Shape(string workflow) =>
        string.Concat(
            Shop.Jobs(workflow)
                .Jobs.Select(job =>
                    $"{job.Id}: {string.Join(' ', job.Prepares)} | {string.Join(' ', job.Targets)}{(job.Needs.IsEmpty ? "" : $" <- {string.Join(' ', job.Needs)}")}\n"
                )
        );
}
