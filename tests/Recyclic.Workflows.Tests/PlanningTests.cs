using Recyclic.Workflows.Planning;

namespace Recyclic.Workflows.Tests;

public class PlanningTests
{
    [Test]
    public void Production_is_a_job_for_each_place_in_the_order_of_the_targets() => Shape("production").ShouldBe("""
        pack: Setup | Test Pack
        images: Setup | BuildImages PushImages <- pack
        deploy-staging: Setup | DeployStaging <- images
        approve-production:  | ApproveProduction <- images deploy-staging
        atomic-deploy: Setup | AtomicDeploy <- images approve-production
        recover: Setup | Recover <- atomic-deploy

        """);

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
    public void Files_are_put_back_where_they_were(string root, params string[] patterns) => ArtifactRoot.Of([.. patterns]).ShouldBe(root);

    [TestCase("BuildImages", "build-images")]
    [TestCase("UploadSBOMFile", "upload-sbom-file")]
    [TestCase("Test2Go", "test2-go")]
    public void A_job_is_called_as_its_target(string target, string job) => Names.Kebab(target).ShouldBe(job);

    private static string Shape(string workflow) => string.Concat(Shop.Jobs(workflow).Jobs.Select(job =>
        $"{job.Id}: {string.Join(' ', job.Prepares)} | {string.Join(' ', job.Targets)}{(job.Needs.IsEmpty ? "" : $" <- {string.Join(' ', job.Needs)}")}\n"));
}
