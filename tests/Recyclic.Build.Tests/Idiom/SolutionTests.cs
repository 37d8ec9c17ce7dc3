using Recyclic.Build.ProjectModel;
using Recyclic.Build.Testing;

namespace Recyclic.Build.Tests.Idiom;

/// <summary>A solution is found as people expect, in both of its forms.</summary>
[CancelAfter(20_000)]
public class SolutionTests
{
    private const string Slnx = """
        <Solution>
          <Folder Name="/tests/">
            <Project Path="tests/Shop.Api.Tests/Shop.Api.Tests.csproj" />
          </Folder>
          <Project Path="src/Shop.Api/Shop.Api.csproj" />
          <Project Path="src/Shop.Worker/Shop.Worker.csproj" />
        </Solution>
        """;

    private const string Sln = """

        Microsoft Visual Studio Solution File, Format Version 12.00
        # Visual Studio Version 17
        Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "Shop.Api", "src\Shop.Api\Shop.Api.csproj", "{11111111-1111-1111-1111-111111111111}"
        EndProject
        Project("{2150E333-8FDC-42A3-9474-1A3956D46DE8}") = "tests", "tests", "{33333333-1111-1111-1111-111111111111}"
        EndProject
        Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "Shop.Api.Tests", "tests\Shop.Api.Tests\Shop.Api.Tests.csproj", "{22222222-1111-1111-1111-111111111111}"
        EndProject
        Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "Shop.Worker", "src\Shop.Worker\Shop.Worker.csproj", "{44444444-1111-1111-1111-111111111111}"
        EndProject
        Global
        	GlobalSection(SolutionConfigurationPlatforms) = preSolution
        		Debug|Any CPU = Debug|Any CPU
        	EndGlobalSection
        	GlobalSection(NestedProjects) = preSolution
        		{22222222-1111-1111-1111-111111111111} = {33333333-1111-1111-1111-111111111111}
        	EndGlobalSection
        EndGlobal
        """;

    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCase("Shop.slnx", Slnx)]
    [TestCase("Shop.sln", Sln)]
    public async Task The_only_solution_in_the_root_is_read_in_either_form(string name, string text)
    {
        Put(name, text);
        var run = await ShowAsync();
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldContain($"name Shop file {name} at {_host.Root / name}\n");
        run.Output.ShouldContain("all Shop.Api, Shop.Api.Tests, Shop.Worker\n");
        run.Output.ShouldContain("top Shop.Api, Shop.Worker\n");
        run.Output.ShouldContain("tests Shop.Api.Tests in /tests/\n");
        run.Output.ShouldContain($"by name {_host.Root / "src/Shop.Worker/Shop.Worker.csproj"}\n");
        run.Output.ShouldContain("by path Shop.Worker\n");
        run.Output.ShouldContain("unknown nothing\n");
    }

    [Test]
    public async Task A_path_in_the_attribute_is_relative_to_the_root_and_others_do_not_count()
    {
        Put("src/Other.slnx", Slnx).Put("A.slnx", Slnx).Put("B.sln", Sln);
        (await _host.RunAsync<NamedBuild>("Show")).Output.ShouldContain("Other");
    }

    [Test]
    public async Task A_parameter_or_a_parameters_file_names_it_too()
    {
        Put("A.slnx", Slnx).Put("B.sln", Sln);
        (await ShowAsync("--solution", "B.sln")).Output.ShouldContain("name B ");
        _host.File("parameters.json", """{ "Solution": "A.slnx" }""");
        (await ShowAsync()).Output.ShouldContain("name A ");
        (await ShowAsync("--help")).Output.ShouldContain("--solution <path>");
    }

    [Test]
    public async Task No_solution_is_a_mistake_that_says_what_to_write()
    {
        var run = await ShowAsync();
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(
            $"ShopBuild.Solution cannot be filled by [Solution]: there is no .sln or .slnx in {_host.Root}: write [Solution(\"src/Name.slnx\")], or give --solution"
        );
    }

    [Test]
    public async Task Two_solutions_are_a_mistake_that_names_them()
    {
        Put("A.slnx", Slnx).Put("B.sln", Sln);
        var run = await ShowAsync();
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(
            $"there are A.slnx and B.sln in {_host.Root}: write [Solution(\"A.slnx\")], or give --solution"
        );
    }

    [TestCase("A.slnx", "<Solution><Project", "cannot be read")]
    [TestCase("A.sln", "this is no solution", "cannot be read")]
    public async Task One_that_cannot_be_read_is_a_mistake_that_names_it(string name, string text, string expected)
    {
        Put(name, text);
        var run = await ShowAsync();
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain((_host.Root / name).ToString());
        run.Error.ShouldContain(expected);
    }

    [Test]
    public async Task One_that_is_named_and_not_there_is_a_mistake()
    {
        var run = await ShowAsync("--solution", "Nowhere.slnx");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain($"there is no file {_host.Root / "Nowhere.slnx"}");
    }

    private Task<BuildTestRun> ShowAsync(params string[] options) => _host.RunAsync<ShopBuild>(["Show", .. options]);

    private SolutionTests Put(string name, string text)
    {
        (_host.Root / name).WriteAllText(text);
        return this;
    }

    public class ShopBuild : RecyclicBuild
    {
        [Solution]
        private readonly Solution Solution = null!;

        public Target Show =>
            _ =>
                _.Requires(() => Solution)
                    .Executes(() =>
                    {
                        WriteLine($"name {Solution.Name} file {Solution.FileName} at {Solution}");
                        WriteLine(
                            $"all {Names(Solution.AllProjects.OrderBy(project => project.Name, StringComparer.Ordinal))}"
                        );
                        WriteLine($"top {Names(Solution.Projects)}");
                        foreach (var project in Solution.GetProjects("*.Tests"))
                            WriteLine($"tests {project.Name} in {project.SolutionFolder}");
                        WriteLine($"by name {Solution.GetProject("shop.worker")}");
                        WriteLine($"by path {Solution.GetProject("src/Shop.Worker/Shop.Worker.csproj")?.Name}");
                        WriteLine($"unknown {Solution.GetProject("Nobody")?.Name ?? "nothing"}");
                    });

        private static string Names(IEnumerable<Project> projects) =>
            string.Join(", ", projects.Select(project => project.Name));
    }

    public class NamedBuild : RecyclicBuild
    {
        [Solution("src/Other.slnx")]
        private readonly Solution Solution = null!;

        public Target Show => _ => _.Executes(() => WriteLine(Solution.Name));
    }
}
