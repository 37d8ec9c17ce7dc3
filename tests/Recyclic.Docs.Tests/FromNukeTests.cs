using Recyclic.Build;
using Recyclic.Build.Testing;

namespace Recyclic.Docs.Tests;

/// <summary>The build file in docs/from-nuke.md is compiled here, and does what its reader expects.</summary>
[CancelAfter(20_000)]
public class FromNukeTests
{
    private const string Page = "docs/from-nuke.md";
    private const string Snippet = "tests/Recyclic.Docs.Tests/Snippets/FromNuke.cs";

    [Test]
    public void The_build_file_on_the_page_is_the_one_that_is_compiled() =>
        Docs.Block(Page, "code: build file").ShouldBe(Docs.Read(Snippet));

    [Test]
    public async Task It_pushes_on_a_build_server_and_keeps_its_secret()
    {
        var tester = new BuildTester { Environment = { ["CI"] = "true", ["REGISTRY_PASSWORD"] = "hunter22" } };
        tester.Commands.OnAny().Returns("done");
        var run = await tester.RunAsync<global::Build>("Push");
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.CommandLines.ShouldBe([
            "dotnet publish -c Release -o /nowhere/output",
            "docker login localhost:5000 --username ci --password-stdin",
            "docker push localhost:5000/app:latest",
        ]);
        run.Commands[1].StandardInput.ShouldBe("hunter22");
        (run.Output + run.Error).ShouldNotContain("hunter22");
    }

    [Test]
    public async Task Elsewhere_it_skips_the_push_and_what_only_the_push_needs()
    {
        var tester = new BuildTester();
        var run = await tester.RunAsync<global::Build>("Push");
        run.StatusOf("Push").ShouldBe(ExecutionStatus.Skipped);
        run.StatusOf("Compile").ShouldBe(ExecutionStatus.Skipped);
        run.Commands.ShouldBeEmpty();
    }
}
