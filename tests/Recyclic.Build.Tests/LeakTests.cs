using System.Net;
using System.Text;
using System.Text.Json;
using Serilog;
using Command = Recyclic.Processes.Command;

namespace Recyclic.Build.Tests;

/// <summary>Ten secrets on every way out of a build: none is to be seen.</summary>
[Platform("Unix"), CancelAfter(60_000)]
public class LeakTests
{
    private static readonly string[] Secrets =
    [
        "hunter2-hunter2",
        "pass word with spaces",
        "it's \"quoted\" & <marked>",
        "p@ss/w+rd=%41?&#",
        "back\\slash\\n\\u0041",
        "käßwort-€-日本",
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSjAgEAAoIBAQC7\nVJTUt9Us\n-----END KEY-----",
        "dGhpcyBpcyBiYXNlNjQ=",
        "k3y!5",
    ];

    private static readonly string[] Routes =
    [
        "Log",
        "Warning",
        "Property",
        "WriteLine",
        "Throw",
        "ThrowInner",
        "Report",
        "Document",
        "Argument",
        "Pieces",
        "TwoLines",
        "TwoLogs",
        "EnvironmentDump",
        "Error",
        "Url",
        "Base64",
        "BasicLogin",
        "Added",
        "OtherParameter",
        "Retry",
    ];

    private static readonly string[][] Ways =
    [
        [],
        ["--verbosity", "verbose"],
        ["--log", "json"],
        ["--parallel=2"],
    ];

    public static IEnumerable<TestCaseData> Cases() =>
        from secret in Enumerable.Range(0, Secrets.Length)
        from route in Routes
        select new TestCaseData(secret, route);

    [TestCaseSource(nameof(Cases))]
    public async Task A_secret_is_seen_nowhere(int number, string route)
    {
        var secret = Secrets[number];
        // Programs are slow to start; what prints them is the same for each way.
        string[][] ways = route is "Argument" or "Pieces" or "TwoLines" or "EnvironmentDump" or "Error"
            ? [Ways[number % Ways.Length]]
            : Ways;
        foreach (var way in ways)
        {
            using var host = new TestHost
            {
                Adjust = host => route == "Retry" ? host with { Clock = new ImpatientClock() } : host,
            };
            var summary = host.Root / "summary.md";
            host.Environment["REGISTRY_PASSWORD"] = route == "Added" ? "another-secret" : secret;
            host.Environment["ADDED"] = secret;
            host.Environment["GITHUB_ACTIONS"] = "true";
            host.Environment["GITHUB_STEP_SUMMARY"] = summary;
            var run = await host.RunAsync<Leaking>([
                "Leak",
                "--route",
                route,
                "--note=" + (route == "OtherParameter" ? secret : "none"),
                .. way,
            ]);

            run.ExitCode.ShouldBeOneOf(0, 1);
            var masks = run
                .Output.Split('\n')
                .Where(line => line.StartsWith("::add-mask::", StringComparison.Ordinal))
                .ToArray();
            masks.Length.ShouldBeGreaterThan(0);
            var files = string.Concat(
                Directory.GetFiles(host.Root, "*", SearchOption.AllDirectories).Select(File.ReadAllText)
            );
            files.ShouldContain("schema");
            files.ShouldContain("| Leak |");
            var seen = string.Join('\n', run.Output.Split('\n').Except(masks)) + run.Error;
            seen.ShouldContain("***", customMessage: "the route printed nothing");
            foreach (var form in Forms(secret))
            {
                seen.ShouldNotContain(form, Case.Sensitive);
                seen.ReplaceLineEndings("").ShouldNotContain(form.ReplaceLineEndings(""), Case.Sensitive);
                files.ShouldNotContain(form, Case.Sensitive);
            }
        }
    }

    [TestCase("--help")]
    [TestCase("Leak", "--route", "Log", "--plan")]
    public async Task A_secret_is_not_in_help_and_plan(params string[] arguments)
    {
        using var host = new TestHost();
        foreach (var secret in Secrets)
        {
            host.Environment["REGISTRY_PASSWORD"] = secret;
            var run = await host.RunAsync<Leaking>(arguments);
            run.ExitCode.ShouldBe(0);
            (run.Output + run.Error).ShouldNotContain(secret);
        }
    }

    [Test]
    public async Task A_build_off_github_prints_no_masks()
    {
        using var host = new TestHost();
        host.Environment["REGISTRY_PASSWORD"] = Secrets[0];
        (await host.RunAsync<Leaking>("Leak", "--route", "Log")).Output.ShouldNotContain("add-mask");
    }

    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return
        [
            secret,
            Uri.EscapeDataString(secret),
            WebUtility.UrlEncode(secret),
            Convert.ToBase64String(bytes),
            JsonSerializer.Serialize(secret)[1..^1],
            WebUtility.HtmlEncode(secret),
        ];
    }

    public class Leaking : RecyclicBuild
    {
        [Parameter, Secret]
        public string? RegistryPassword { get; set; }

        [Parameter]
        public string Route { get; set; } = "";

        [Parameter]
        public string Note { get; set; } = "";

        public Target Leak =>
            _ =>
                _.WithRetry(Route == "Retry" ? 1 : 0)
                    .Executes(async cancellationToken =>
                    {
                        var secret = EnvironmentVariables["ADDED"];
                        AddSecret(secret);
                        Log.Information("*** so that there is a mask in any case");
                        switch (Route)
                        {
                            case "Log":
                                Log.Information("password is " + secret.Replace("{", "{{"));
                                break;
                            case "Warning":
                                Log.Warning("password is {Password:l}", secret);
                                break;
                            case "Property":
                                Log.Information("login {@Login}", new { User = "u", Password = secret });
                                break;
                            case "WriteLine":
                                WriteLine($"password={secret};");
                                break;
                            case "Throw":
                                throw new InvalidOperationException($"cannot log in with {secret}");
                            case "ThrowInner":
                                throw new TargetFailedException(
                                    $"no login: {secret}",
                                    1,
                                    new InvalidOperationException(secret)
                                );
                            case "Report":
                                ReportSummary("Password", secret);
                                break;
                            case "Document":
                                WriteDocument(JsonSerializer.Serialize(new { password = secret }));
                                break;
                            case "Argument":
                                await RunAsync("echo \"$1\" >&2; exit 3", secret, cancellationToken);
                                break;
                            case "Pieces":
                                await RunAsync(
                                    "printf %s \"${1:0:3}\"; sleep 0.02; printf '%s\\n' \"${1:3}\"",
                                    secret,
                                    cancellationToken
                                );
                                break;
                            case "TwoLines":
                                await RunAsync(
                                    "n=$((${#1} / 2)); printf '%s\\n%s\\n' \"${1:0:n}\" \"${1:n}\"",
                                    secret,
                                    cancellationToken
                                );
                                break;
                            case "TwoLogs":
                                Log.Information("password is {Half:l}", secret[..(secret.Length / 2)]);
                                Log.Information("{Half:l}", secret[(secret.Length / 2)..]);
                                break;
                            case "EnvironmentDump":
                                await RunAsync("env", secret, cancellationToken);
                                break;
                            case "Error":
                                await RunAsync("echo \"$1\" >&2", secret, cancellationToken);
                                break;
                            case "Url":
                                WriteLine(
                                    $"https://u:{Uri.EscapeDataString(secret)}@host/?q={WebUtility.UrlEncode(secret)}&r={WebUtility.UrlEncode(secret).ToLowerInvariant()}"
                                );
                                break;
                            case "Base64":
                                WriteLine($"auth={Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))}");
                                break;
                            case "BasicLogin":
                                foreach (var user in new[] { "a", "ab", "abc" })
                                {
                                    var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}"));
                                    WriteLine($"Authorization: Basic {login}");
                                }
                                break;
                            case "Retry":
                                throw new InvalidOperationException($"not yet: {secret}");
                            default:
                                WriteLine($"note {Note}, added {secret}");
                                break;
                        }
                    });

        private async Task RunAsync(string script, string secret, CancellationToken cancellationToken)
        {
            var command = Command.Of("bash", "-c", script, "bash", secret) with
            {
                OnLine = line => Log.Information("{Line:l}", line),
            };
            (
                await CommandRunner.RunAsync(
                    command with
                    {
                        Environment = command.Environment.Add("PASSWORD", secret),
                    },
                    cancellationToken
                )
            ).EnsureSuccess();
        }
    }
}
