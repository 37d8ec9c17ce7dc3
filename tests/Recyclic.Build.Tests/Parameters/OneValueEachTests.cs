using Recyclic.Build.Testing;

namespace Recyclic.Build.Tests.Parameters;

/// <summary>Lists whose option takes one value each time, so that a target may follow.</summary>
[CancelAfter(20_000)]
public class OneValueEachTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCase("--file a --file b show", "files=a|b names=")]
    [TestCase("--file=a show --file b", "files=a|b names=")]
    [TestCase("--name a,b show --name c", "files= names=a|b|c")]
    public async Task Each_mention_takes_one_value(string arguments, string expected) =>
        (await RunAsync(arguments)).Output.ShouldContain(expected);

    [Test]
    public async Task One_without_a_value_is_a_mistake()
    {
        var run = await RunAsync("show --file");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--file has no value");
    }

    [Test]
    public async Task The_variable_without_the_prefix_is_another_programs_and_nothing_is_said_of_it()
    {
        _host.Environment["COMPOSE_FILE"] = "theirs";
        (await RunAsync("show")).Output.ShouldContain("compose= ");
        (await RunAsync("show")).Error.ShouldBe("");
        _host.Environment["RECYCLIC_COMPOSE_FILE"] = "with a space";
        (await RunAsync("show")).Output.ShouldContain("compose=with a space ");
    }

    private Task<BuildTestRun> RunAsync(string arguments) => _host.RunAsync<Repeats>(arguments.Split(' '));

    public class Repeats : RecyclicBuild
    {
        [Parameter(Name = "file", OneValueEach = true)]
        public string[] Files { get; set; } = [];

        [Parameter(Name = "name", OneValueEach = true, Separator = ",")]
        public string[] Names { get; set; } = [];

        [Parameter(OneValueEach = true, PrefixedOnly = true)]
        public string[] ComposeFile { get; set; } = [];

        public Target Show =>
            _ =>
                _.Executes(() =>
                    WriteLine(
                        $"compose={string.Join('|', ComposeFile)} files={string.Join('|', Files)} names={string.Join('|', Names)}"
                    )
                );
    }
}
