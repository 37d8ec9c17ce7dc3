using System.Text;
using System.Text.RegularExpressions;
using Recyclic.Processes;
using Serilog;

namespace Recyclic.Build.Tests;

/// <summary>What others wrote, on its way through the one place before terminal and log.</summary>
[CancelAfter(60_000)]
public class ForeignTextTests
{
    [TestCase("a\tb", "a b")]
    [TestCase("\e[31mred", "\\x1b[31mred")]
    [TestCase("a\u200bb\u00adc\u2060d", "a\\u200bb\\xadc\\u2060d")]
    [TestCase("pay\u200dpal", "pay\\u200dpal")]
    [TestCase("a\ufe0fb", "a\\ufe0fb")]
    [TestCase("\u3164\u115f\u2800", "\\u3164\\u115f\\u2800")]
    [TestCase("a\U000e0041\U000e0142", "a\\u{e0041}\\u{e0142}")]
    [TestCase("\ufffd of half a sequence", "\ufffd of half a sequence")]
    [TestCase("👩‍👧 ❤️ 1️⃣ می‌خواهم café ไม้", "👩‍👧 ❤️ 1️⃣ می‌خواهم café ไม้")]
    public void What_nobody_sees_or_a_terminal_obeys_is_spelt_out(string text, string shown) =>
        PrintableText.Of(text).ShouldBe(shown);

    [Test]
    public void A_heap_of_marks_covers_no_other_line() =>
        PrintableText
            .Of("z" + new string('\u0301', 9))
            .ShouldBe("z\u0301\u0301\u0301\u0301" + string.Concat(Enumerable.Repeat("\\u0301", 5)));

    [Test]
    public void Half_a_character_is_shown_as_one() => PrintableText.Of("\ud83d cut").ShouldBe("\\ud83d cut");

    [Test]
    public void A_text_is_never_cut_within_a_character()
    {
        PrintableText.Of(new string('a', 9) + "🚀🚀", 10).ShouldBe("aaaaaaaaa… (13 characters)");
        PrintableText.Of(new string('a', 3000)).Length.ShouldBeLessThan(2100);
    }

    [TestCase("\e[31mred\e[0m", "\e[31mred\e[0m")]
    [TestCase("\e[31mred", "\e[31mred\e[0m")]
    [TestCase("\e[1;30;40mblack on black\e[8m hidden", "\e[1mblack on black hidden\e[0m")]
    [TestCase("\e[2Jgone", "\\x1b[2Jgone")]
    [TestCase("end\e", "end\\x1b")]
    [TestCase("a\tb", "a\tb")]
    public void A_tool_keeps_the_colours_that_hide_nothing_up_to_the_end_of_its_line(string line, string shown) =>
        PrintableText.Printed(line, keepsColours: true).ShouldBe(shown);

    [Test]
    public void Where_nothing_is_coloured_a_tool_is_not_either() =>
        PrintableText.Printed("\e[31mred\e[0m \e[2J", keepsColours: false).ShouldBe("red \\x1b[2J");

    [TestCase("::stop-commands::x", "\\::stop-commands::x")]
    [TestCase(" \t\u00a0::set-output name=a::b", " \t\u00a0\\::set-output name=a::b")]
    [TestCase("a ##[error]b ##[group]c", "a ##\\[error]b ##\\[group]c")]
    [TestCase("std::vector<a::b>", "std::vector<a::b>")]
    public void A_line_is_no_command_to_the_runner(string line, string shown) =>
        PrintableText.WithoutCommands(line).ShouldBe(shown);

    [Test]
    public async Task A_line_for_the_runner_in_what_a_tool_prints_is_a_line_of_text()
    {
        using var host = new TestHost();
        host.Environment["GITHUB_ACTIONS"] = "true";
        var run = await host.RunAsync<Telling>("Tell");
        run.Output.ShouldContain("\n\\::set-env name=PATH::/tmp\n");
        run.Output.ShouldContain("\n\\::stop-commands::x\n");
        // Code of the build's own may tell people something, and do nothing else.
        run.Output.ShouldContain("\n::notice::all is well\n");
        run.Output.ShouldContain("\n\\::save-state name=a::b\n");
        run.Output.ShouldContain("\n::group::Tell\n".TrimStart('\n'));
        run.Output.ShouldContain("::endgroup::\n");
    }

    [Test]
    public async Task Off_github_two_colons_are_two_colons() =>
        (await new TestHost().RunAsync<Telling>("Tell")).Output.ShouldContain("\n::stop-commands::x\n");

    [Test]
    public async Task A_line_that_is_drawn_anew_in_its_place_is_several_lines() =>
        (await new TestHost().RunAsync<Telling>("Draw")).Output.ShouldContain("10%\n20%\ndone\n");

    [Test]
    public async Task A_line_of_100_MB_leaves_memory_flat_and_the_log_short()
    {
        using var host = new TestHost { Adjust = host => host with { CommandRunner = new ProcessCommandRunner() } };
        await host.RunAsync<Telling>("Tell");
        GC.Collect();
        var before = GC.GetTotalAllocatedBytes();
        var run = await host.RunAsync<Telling>("Flood");
        run.ExitCode.ShouldBe(0, run.Output);
        // All of it as characters would be 200 MB; blocks that come and go are counted too.
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(400L << 20);
        run.Output.Length.ShouldBeLessThan(100_000);
        run.Output.ShouldContain("aaa");
        run.Output.ShouldContain("half \ufffd sequence");
    }

    [Test]
    public void Only_the_one_place_writes_where_people_and_runners_read()
    {
        var found =
            from file in Sources()
            from line in File.ReadLines(file)
            where !line.TrimStart().StartsWith("///", StringComparison.Ordinal)
            where
                Regex.IsMatch(
                    line,
                    @"(?<![.\w])(Console|AnsiConsole)\.(Out|Error|Write|Open|Set)|[hH]ost\.(Output|Error)\.Write|TryWrite\(_host|TryWrite\(isError|StepSummary\.Append|Output\.Command\("
                )
            select Path.GetFileName(file);
        found
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                [
                    // The place itself.
                    "BuildOutput.cs",
                    // Its commands to the runner, which encode what others wrote.
                    "BuildLife.cs",
                    "GitHubView.cs",
                    "JsonView.cs",
                    // What leads the console to it, and what asks a person.
                    "Machine.cs",
                    "ProcessHost.cs",
                    "TerminalPrompt.cs",
                ],
                ignoreOrder: true
            );
    }

    [TestCase("the ghp_0123456789abcdefghij is long", "the *** is long")]
    [TestCase("API_TOKEN=ghp_0123456789abcdefghij", "API_TOKEN=***")]
    [TestCase("in production on 8080, true", "in production on 8080, true")]
    [TestCase("MODE=production", "MODE=***")]
    [TestCase("mode: production, MODE: 'production'", "mode: ***, MODE: '***'")]
    [TestCase("{\"MODE\": \"production\"}", "{\"MODE\": \"***\"}")]
    [TestCase("MODE=production2 MODE=product", "MODE=production2 MODE=product")]
    [TestCase("PORT=8080 DEBUG=true", "PORT=8080 DEBUG=true")]
    [TestCase("DB_PASSWORD=postgres, asks postgres", "DB_PASSWORD=***, asks postgres")]
    [TestCase("password: postgres", "password: ***")]
    [TestCase("postgres://app:postgres@db:5432/postgres", "postgres://app:***@db:5432/postgres")]
    [TestCase("amqp://a:p@ss:w@mq/x and http://b:c@d", "amqp://a:***@mq/x and http://b:***@d")]
    [TestCase("http://localhost:8080/a@b git@host:a/b", "http://localhost:8080/a@b git@host:a/b")]
    [TestCase("Authorization: Basic YTpi", "Authorization: Basic ***")]
    [TestCase("Server=db;Password=Tr0ub4dor;", "Server=db;Password=***;")]
    [TestCase("Tr0ub4dor is it", "*** is it")]
    [TestCase("correct horse", "***")]
    [TestCase("correct%20horse", "***")]
    [TestCase("0123456789abcdef0123456789abcdef01234567", "0123456789abcdef0123456789abcdef01234567")]
    [TestCase("shop-api is up", "shop-api is up")]
    [TestCase("begins with ghp_0123456789abc… (900 characters)", "begins with ***… (900 characters)")]
    public void What_was_found_is_masked_as_far_as_it_tells_from_other_text(string text, string masked) =>
        Found().Redact(text).ShouldBe(masked);

    [Test]
    public void What_was_found_is_masked_in_base64_and_over_several_lines()
    {
        var redactor = Found();
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes("app:ghp_0123456789abcdefghij"));
        redactor.Redact(login).ShouldContain("***");
        redactor.Redact(login).ShouldNotContain(login[8..^4]);
        var lines = redactor.RedactLines(["the token is ghp_0123456789", "abcdefghij, or so"]);
        lines.ShouldBe(["the token is ***", "***, or so"]);
    }

    [TestCase("production", "to production", "to production")]
    [TestCase("production", "--password=production", "--password=***")]
    [TestCase("8080", "on 8080", "on 8080")]
    [TestCase("abc", "abcdef, abc: it", "abcdef, ***: it")]
    [TestCase("k3y!5", "xk3y!5x", "x***x")]
    public void A_declared_secret_that_is_short_or_a_common_word_takes_no_other_text_with_it(
        string secret,
        string text,
        string masked
    )
    {
        var redactor = new Redactor();
        redactor.Add(secret);
        redactor.Redact(text).ShouldBe(masked);
    }

    private static Redactor Found()
    {
        var redactor = new Redactor();
        redactor.AddFound([
            new FoundValue("API_TOKEN", "ghp_0123456789abcdefghij"),
            new FoundValue("MODE", "production"),
            new FoundValue("PORT", "8080"),
            new FoundValue("DEBUG", "true"),
            new FoundValue("DB_PASSWORD", "postgres"),
            new FoundValue("DATABASE_URL", "postgres://app:postgres@db:5432/postgres"),
            new FoundValue("CONNECTION", "Server=db;Password=Tr0ub4dor;"),
            new FoundValue("db", "correct horse") { IsSecret = true },
            new FoundValue("GIT_COMMIT", "0123456789abcdef0123456789abcdef01234567"),
            new FoundValue("SECRET_NAME", "shop-api") { IsPublic = true },
        ]);
        return redactor;
    }

    private static IEnumerable<string> Sources()
    {
        var directory = TestContext.CurrentContext.TestDirectory;
        while (!Directory.Exists(Path.Combine(directory, "src", "Recyclic.Build")))
            directory = Path.GetDirectoryName(directory)!;
        return Directory
            .GetFiles(Path.Combine(directory, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Regex.IsMatch(file, "[/\\\\](bin|obj)[/\\\\]"));
    }

    public class Telling : RecyclicBuild
    {
        public Target Tell =>
            _ =>
                _.Executes(() =>
                {
                    Log.Information("{Line:l}", "a tool says\n::set-env name=PATH::/tmp");
                    WriteLine("::stop-commands::x");
                    Raw("::notice::all is well\n");
                    Raw("::save-state name=a::b\n");
                });

        public Target Draw => _ => _.Executes(() => Raw("10%\r20%\r\ndone\n"));

        public Target Flood =>
            _ =>
                _.Executes(async cancellationToken =>
                    (
                        await Tooling.ProcessTasks.RunAsync(
                            Command.Of(
                                "bash",
                                "-c",
                                "head -c 100000000 /dev/zero | tr '\\0' a; echo; printf 'half \\xe2\\x82 sequence\\n'; printf 'in \\xe2'; sleep 0.05; printf '\\x82\\xac pieces\\n'; head -c 1000 /dev/zero; echo"
                            ) with
                            {
                                OutputLimit = 1 << 20,
                            },
                            cancellationToken
                        )
                    ).EnsureSuccess()
                );

        private static void Raw(string text) => Running.BuildSession.Latest!.Output.Raw(text, isError: false);
    }
}
