using Recyclic.Build.Completion;
using Recyclic.Processes;
using Recyclic.Terminals;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

[CancelAfter(60_000)]
public class CompletionTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCase("./build.sh ", "Show Sources Leak Document BuildImages PushImages")]
    [TestCase("./build.sh", "Show Sources Leak Document BuildImages PushImages")]
    [TestCase("", "Show Sources Leak Document BuildImages PushImages")]
    [TestCase("./build.sh S", "Show Sources")]
    [TestCase("./build.sh s", "show sources")]
    [TestCase("./build.sh build-", "build-images")]
    [TestCase("./build.sh buildi", "buildimages")]
    [TestCase("./build.sh Hid", "")]
    [TestCase("./build.sh show S", "Sources")]
    [TestCase("./build.sh --keep-warm Sh", "Show")]
    [TestCase("./build.sh --ta", "--tag --target")]
    [TestCase("./build.sh --tag x --ta", "--target")]
    [TestCase("./build.sh --names x --na", "--names")]
    [TestCase("./build.sh --no-k", "--no-keep-warm")]
    [TestCase("./build.sh --stage ", "local staging production-east")]
    [TestCase("./build.sh --stage s", "staging")]
    [TestCase("./build.sh --stage=s", "--stage=staging")]
    [TestCase("./build.sh --stage=", "--stage=local --stage=staging --stage=production-east")]
    [TestCase("./build.sh --keep-warm=", "--keep-warm=true --keep-warm=false")]
    [TestCase("./build.sh --verbosity m", "minimal")]
    [TestCase("./build.sh --skip show p", "push-images")]
    [TestCase("./build.sh --skip show --pla", "--plan")]
    [TestCase("./build.sh --target=P", "--target=PushImages")]
    [TestCase("./build.sh --profile ", "eu us")]
    [TestCase("./build.sh --tag ", "")]
    [TestCase("./build.sh --compose-file ", "")]
    [TestCase("./build.sh --nonsense=", "")]
    [TestCase("./build.sh 'half a wo", "")]
    [TestCase("./build.sh -- --", "")]
    public async Task A_line_is_completed(string line, string expected)
    {
        _host
            .File("parameters.eu.json", "{}")
            .File("parameters.us.json", "{")
            .File("parameters.json", "{ \"mistaken\": 1 }");
        _host.Environment["RECYCLIC_COUNT"] = "many";
        var run = await _host.RunAsync<SampleBuild>(":complete", line);
        run.Error.ShouldBe("");
        run.ExitCode.ShouldBe(0);
        run.Output.ReplaceLineEndings(" ").Trim().ShouldBe(expected);
    }

    [TestCase("./build.sh a \"b c\" d\\ e 'f", "a|b c|d e", "f")]
    [TestCase("./build.sh a ", "a", "")]
    [TestCase("  ./build.sh", "", "")]
    public void A_line_is_split_as_a_shell_would(string line, string before, string word)
    {
        var parsed = CompletionLine.Parse(line);
        string.Join('|', parsed.Before).ShouldBe(before);
        parsed.Word.ShouldBe(word);
    }

    [TestCase("csh", "there is no completion for csh, only for bash, zsh, fish, powershell")]
    [TestCase("bsh", "(did you mean bash?)")]
    [TestCase("", ":completion needs one shell: bash, zsh, fish, powershell")]
    public async Task A_shell_that_is_not_known_is_refused(string shell, string expected)
    {
        var run = await _host.RunAsync<SampleBuild>([
            ":completion",
            .. shell.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(expected);
    }

    [Test]
    public async Task PowerShell_has_a_script_too() =>
        (await _host.RunAsync<SampleBuild>(":completion", "powershell")).Output.ShouldContain(
            "Register-ArgumentCompleter -Native"
        );

    /// <summary>
    /// Each shell reads its script and completes a line with a stand-in for build.sh that answers like the build.
    /// </summary>
    [TestCase("bash", "./build.sh S", "Show|Sources")]
    [TestCase("bash", "./build.sh --stage=s", "staging")]
    [TestCase("bash", "./build.sh --stage pro", "production-east")]
    [TestCase("zsh", "./build.sh S", "Show|Sources")]
    [TestCase("fish", "./build.sh S", "Show|Sources")]
    [TestCase("powershell", "./build.sh S", "Show|Sources")]
    [Platform("Unix")]
    public async Task The_script_of_a_shell_completes_a_line_in_that_shell(string shell, string line, string expected)
    {
        var runner = new ProcessCommandRunner();
        var program = TestPrograms.FindOrIgnore(shell == "powershell" ? "pwsh" : shell);
        var answers = (await _host.RunAsync<SampleBuild>(":complete", line)).Output;
        (_host.Root / "build.sh").WriteAllText(
            $"#!/bin/sh\n[ \"$1\" = :complete ] && [ \"$2\" = '{line}' ] || exit 9\nprintf '%s' '{answers}'\n"
        );
        (
            await runner.RunAsync(Command.Of("chmod", "+x", _host.Root / "build.sh"), CancellationToken.None)
        ).EnsureSuccess();
        (_host.Root / "script.ps1").WriteAllText((await _host.RunAsync<SampleBuild>(":completion", shell)).Output);
        string[] arguments =
            shell == "powershell"
                ? ["-NoProfile", "-Command", $"& {{ {Ask(shell)} }} '{line}'"]
                : ["-c", Ask(shell), shell, line];
        var asked = Command.Of(program, arguments) with
        {
            WorkingDirectory = _host.Root,
            Environment = TestPrograms.ForPowerShell,
            Timeout = TimeSpan.FromSeconds(30),
        };
        var result = await runner.RunAsync(asked, CancellationToken.None);
        result.EnsureSuccess().StandardOutput.TrimEnd('\n').Replace('\n', '|').ShouldBe(expected);
    }

    /// <summary>What the shell itself would do when somebody presses Tab at the end of the line.</summary>
    private static string Ask(string shell) =>
        shell switch
        {
            // One name for all: PowerShell takes no other.
            "bash" => """
                source ./script.ps1
                [[ "$(complete -p build.sh)" == *"-F _recyclic_build build.sh" ]] || exit 8
                COMP_LINE="$1"; COMP_POINT=${#1}
                IFS=" =" read -r -a COMP_WORDS <<<"$1"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _recyclic_build
                printf '%s\n' "${COMPREPLY[@]}"
                """,
            "zsh" => """
                compdef() { :; }
                compadd() { shift; print -l -- "$@"; }
                source ./script.ps1
                words=(${(z)1}); CURRENT=$#words
                _recyclic_build
                """,
            "powershell" => """
                . ./script.ps1
                (TabExpansion2 $args[0] $args[0].Length).CompletionMatches.CompletionText
                """,
            // fish counts its arguments from the first one after the script.
            _ => """
                source ./script.ps1
                complete -C "$argv[-1]"
                """,
        };
}
