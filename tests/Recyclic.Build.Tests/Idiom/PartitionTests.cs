using Recyclic.Build.CI;

namespace Recyclic.Build.Tests.Idiom;

public class PartitionTests
{
    private static readonly string[] Items = ["a", "b", "c", "d", "e", "f", "g"];

    [Test]
    public void Each_item_is_in_exactly_one_part()
    {
        for (var total = 1; total <= 9; total++)
            Enumerable
                .Range(1, total)
                .SelectMany(part => new Partition(part, total).GetCurrent(Items))
                .Order()
                .ShouldBe(Items);
        new Partition(2, 3).GetCurrent(Items).ShouldBe(["b", "e"]);
    }

    [TestCase(new string[0], 0, "1/1 a b c d e f g")]
    [TestCase(new[] { "--test-partition", "2" }, 0, "2/3 b e")]
    [TestCase(new[] { "--half", "1/2" }, 0, "1/2 a c e g")]
    public async Task A_build_does_the_part_that_is_asked_for(string[] options, int exitCode, string expected)
    {
        using var host = new TestHost();
        var run = await host.RunAsync<PartitionBuild>(["Test", .. options]);
        run.ExitCode.ShouldBe(exitCode, run.Error);
        run.Output.ShouldContain($"\n{expected}\n");
    }

    [Test]
    public async Task The_environment_gives_the_part_too()
    {
        using var host = new TestHost();
        host.Environment["TEST_PARTITION"] = "3";
        (await host.RunAsync<PartitionBuild>("Test")).Output.ShouldContain("\n3/3 c f\n");
    }

    [TestCase(
        "--test-partition",
        "4",
        "PartitionBuild.TestPartition cannot be filled by [Partition]: --test-partition 4 is not one of its parts: give 1 to 3"
    )]
    [TestCase("--test-partition", "0", "--test-partition 0 is not one of its parts: give 1 to 3")]
    [TestCase("--test-partition", "x", "--test-partition: 'x' is not a whole number in range")]
    [TestCase("--half", "3/2", "--half: '3/2' is not valid: a part is written 2/3")]
    public async Task A_part_that_there_is_not_is_refused(string option, string value, string expected)
    {
        using var host = new TestHost();
        var run = await host.RunAsync<PartitionBuild>("Test", option, value);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(expected);
    }

    public class PartitionBuild : RecyclicBuild
    {
        [Partition(3)]
        private readonly Partition TestPartition = null!;

        [Parameter]
        private readonly Partition? Half = null;

        public Target Test =>
            _ =>
                _.Executes(() =>
                    WriteLine($"{Half ?? TestPartition} {string.Join(' ', (Half ?? TestPartition).GetCurrent(Items))}")
                );
    }
}
