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
