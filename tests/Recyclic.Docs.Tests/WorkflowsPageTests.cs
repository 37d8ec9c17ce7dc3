using System.Text.RegularExpressions;
using Recyclic.Build.Testing;
using Recyclic.Docs.Tests.Snippets;

namespace Recyclic.Docs.Tests;

/// <summary>The build class in docs/workflows.md compiles, and its jobs are those of the page.</summary>
[CancelAfter(20_000)]
public class WorkflowsPageTests
{
    private const string Page = "docs/workflows.md";

    [Test]
    public void The_build_class_on_the_page_is_the_one_that_is_compiled()
    {
        var source = Docs.Read("tests/Recyclic.Docs.Tests/Snippets/WorkflowSnippets.cs");
        Docs.Block(Page, "snippet: pipeline")
            .ShouldBe(
                Regex.Match(source, "// snippet: pipeline\n(.*?)// end", RegexOptions.Singleline).Groups[1].Value
            );
    }

    [Test]
    public async Task The_build_class_that_says_more_is_compiled_and_writes_its_file()
    {
        var source = Docs.Read("tests/Recyclic.Docs.Tests/Snippets/WorkflowSnippets.cs");
        Docs.Block(Page, "snippet: checks")
            .ShouldBe(Regex.Match(source, "// snippet: checks\n(.*?)// end", RegexOptions.Singleline).Groups[1].Value);
        var root = Directory.CreateTempSubdirectory("recyclic-docs-").FullName;
        try
        {
            var run = await new BuildTester { RootDirectory = root }.RunAsync<Checks>("Workflows");
            run.ExitCode.ShouldBe(0, run.Output + run.Error);
            File.ReadAllText(Path.Combine(root, ".github", "workflows", "checks.yml"))
                .ShouldContain("\n    name: Tests of ${{ matrix.part }} on ${{ matrix.runner }}\n");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Test]
    public async Task The_build_class_on_the_page_of_GitLab_is_compiled_and_writes_both_kinds_of_files()
    {
        var source = Docs.Read("tests/Recyclic.Docs.Tests/Snippets/WorkflowSnippets.cs");
        Docs.Block("docs/gitlab.md", "snippet: gitlab")
            .ShouldBe(Regex.Match(source, "// snippet: gitlab\n(.*?)// end", RegexOptions.Singleline).Groups[1].Value);
        var root = Directory.CreateTempSubdirectory("recyclic-docs-").FullName;
        try
        {
            var run = await new BuildTester { RootDirectory = root }.RunAsync<OnGitLab>("Workflows");
            run.ExitCode.ShouldBe(0, run.Output + run.Error);
            File.Exists(Path.Combine(root, ".github", "workflows", "production.yml")).ShouldBeTrue();
            File.ReadAllText(Path.Combine(root, ".gitlab-ci.yml")).ShouldContain("\nproduction:atomic-deploy:\n");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Test]
    public async Task The_jobs_on_the_page_are_those_that_are_generated()
    {
        var root = Directory.CreateTempSubdirectory("recyclic-docs-").FullName;
        try
        {
            var run = await new BuildTester { RootDirectory = root }.RunAsync<Pipeline>("Workflows");
            run.ExitCode.ShouldBe(0, run.Output + run.Error);
            var text = File.ReadAllText(Path.Combine(root, ".github", "workflows", "production.yml"));
            var start = text.IndexOf("\n  atomic-deploy:\n", StringComparison.Ordinal) + 1;
            Docs.Block(Page, "yaml: atomic-deploy")
                .ShouldBe(text[start..(text.IndexOf("\n\n", start, StringComparison.Ordinal) + 1)]);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
