using Recyclic.Build.Testing;

namespace Recyclic.Build.Tests;

[CancelAfter(20_000)]
public class HelpTests
{
    [Test]
    public async Task Everything_is_grouped_and_fits_80_columns()
    {
        var help = (
            await new BuildTester { Environment = { ["RECYCLIC_PASSWORD"] = "s3cr3t" } }.RunAsync<Wordy>(
                ["--help"],
                [x => x.Brief],
                CancellationToken.None
            )
        ).Output;
        help.ShouldStartWith(
            """
            Usage: ./build.sh [target ...] [--option value ...]
                   ./build.sh <target> --help
                   ./build.sh :completion bash|zsh|fish|powershell

            Targets (with their direct dependencies):
              Brief (default)
                  A sentence that goes on and on until the end of the line is reached and
                  then goes on
              AVeryLongNameOfATargetThatTakesMuchOfALine
                                             -> Brief
              Many                        -> Brief,
                                             AVeryLongNameOfATargetThatTakesMuchOfALine
            """
        );
        help.ShouldContain(
            """
            Parameters:
              --password <value>          The password; secret: better by --password-file
                                          <path>, or - for standard input; env:
                                          RECYCLIC_PASSWORD
              --patience <number>         How long; default: 7; env: RECYCLIC_PATIENCE
              --nowhere <value>           Default: nothing; env: RECYCLIC_NOWHERE
              --a-very-long-name-of-a-parameter <value>
                                          env: A_VERY_LONG_NAME_OF_A_PARAMETER
            """
        );
        string[] headings = ["Targets", "Parameters:", "Parameters of ISample:", "Host options:"];
        headings.Select(heading => help.IndexOf("\n" + heading, StringComparison.Ordinal)).ShouldBeInOrder();
        help.ShouldNotContain("s3cr3t");
        help.ShouldNotContain("builtin");
        help.Split('\n').ShouldAllBe(line => line.Length <= 80);
        help.Split('\n').ShouldAllBe(line => line == line.TrimEnd());
    }

    [Test]
    public async Task With_a_target_it_is_about_that_target_alone()
    {
        var help = await HelpAsync("ship", "--help");
        help.ShouldBe(
            """
            Usage: ./build.sh Ship [--option value ...]

            Ship
              Brings it

            Runs too, in this order, unless --skip leaves it out:
              Pack                  Packs it

            Options:
              --fast                      At once; env: RECYCLIC_FAST
              --tag <value>               Which; env: RECYCLIC_TAG
              --look                      Only look; env: RECYCLIC_LOOK

            Options of what runs too:
              --size <number>             How large; default: 3; env: RECYCLIC_SIZE

            Options that every target has (./build.sh --help has all):
              --skip <value>...           Targets to skip; alone: all that are not named
              --plan [name]               Print what would run, and run nothing; one of
                                          text, mermaid, json
              --dry-run                   Targets say what they would do, and change
                                          nothing; env: DRY_RUN
              --json                      Standard output is one JSON document; the rest
                                          goes to standard error; env: RECYCLIC_JSON
              --verbosity <name>          How much to print; default: normal; one of
                                          verbose, normal, minimal, quiet; env:
                                          RECYCLIC_VERBOSITY

            """
        );
        (await HelpAsync("tell", "--help")).ShouldContain("--look                      Look twice; env");
        var both = await HelpAsync("ship", "tell", "--help");
        both.ShouldContain("Only look. Look twice; env");
        both.ShouldStartWith("Usage: ./build.sh Ship Tell ");
    }

    [Test]
    public async Task With_a_target_that_is_none_it_says_which_was_meant()
    {
        var run = await new BuildTester().RunAsync<Shipping>(["shp", "--help"], [], CancellationToken.None);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("unknown target shp (did you mean Ship?)");
    }

    [Test]
    public async Task With_a_target_of_the_class_it_has_the_classes_own_parameters_and_no_others()
    {
        var help = await HelpAsync("own", "--help");
        help.ShouldContain("--mine");
        help.ShouldNotContain("--tag");
    }

    private static async Task<string> HelpAsync(params string[] arguments) =>
        (await new BuildTester().RunAsync<Shipping>(arguments, [], CancellationToken.None)).Output;

    public interface ITagged : IRecyclicBuild
    {
        [Parameter("Which")]
        string? Tag => TryGetValue(() => Tag);

        [Parameter("With Ship: only look. With Tell: look twice")]
        bool Look => TryGetValue(() => Look);

        [Parameter("With Nothing: for nobody")]
        bool Other => TryGetValue(() => Other);
    }

    public interface IShip : ITagged
    {
        [Parameter("With Ship: at once")]
        bool Fast => TryGetValue(() => Fast);

        Target Ship => _ => _.Description("Brings it").TryDependsOn<IWrap>(x => x.Pack);
    }

    public interface ITell : ITagged
    {
        Target Tell => _ => _.Description("Says it");
    }

    public interface IWrap : IRecyclicBuild
    {
        [Parameter("How large; default: 3")]
        int Size => TryGetValue<int?>(() => Size) ?? 3;

        Target Pack => _ => _.Description("Packs it");
    }

    public class Shipping : RecyclicBuild, IShip, ITell, IWrap
    {
        [Parameter("Of the class")]
        public string? Mine { get; set; }

        public Target Own => _ => _.Description("Its own");
    }

    public class Wordy : RecyclicBuild, ISample
    {
        [Parameter("The password"), Secret]
        public string Password { get; set; } = "builtin";

        [Parameter("How long")]
        public int Patience { get; set; } = 7;

        [Parameter("Default: nothing")]
        public string Nowhere { get; set; } = "n";

        [Parameter]
        public string? AVeryLongNameOfAParameter { get; set; }

        public Target Brief =>
            _ => _.Description("A sentence that goes on and on until the end of the line is reached and then goes on");
        public Target AVeryLongNameOfATargetThatTakesMuchOfALine => _ => _.DependsOn(Brief);
        public Target Many => _ => _.DependsOn(Brief, AVeryLongNameOfATargetThatTakesMuchOfALine);
    }
}
