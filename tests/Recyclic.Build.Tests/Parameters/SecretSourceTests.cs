namespace Recyclic.Build.Tests.Parameters;

[CancelAfter(20_000)]
public class SecretSourceTests
{
    private const string Value = "s3cr3t value";
    private TestHost _host = null!;

    [SetUp]
    public void SetUp()
    {
        _host = new TestHost();
        System.IO.File.WriteAllText(_host.Root / "password.txt", Value + "\n");
    }

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCase("--registry-password", Value)]
    [TestCase("--registry-password-file", "password.txt")]
    public async Task A_secret_comes_from_the_command_line_or_from_a_file_named_there(string option, string value) =>
        (await LengthAsync(option, value)).ShouldContain("length=12 source=CommandLine");

    [TestCase("RECYCLIC_REGISTRY_PASSWORD", Value)]
    [TestCase("REGISTRY_PASSWORD", Value)]
    [TestCase("RECYCLIC_REGISTRY_PASSWORD_FILE", "password.txt")]
    [TestCase("REGISTRY_PASSWORD_FILE", "password.txt")]
    public async Task A_secret_comes_from_the_environment_or_from_a_file_named_there(string variable, string value)
    {
        _host.Environment[variable] = value;
        (await LengthAsync()).ShouldContain("length=12 source=Environment");
    }

    [Test]
    public async Task A_secret_comes_from_a_file_that_a_profile_names()
    {
        _host.File("parameters.prod.json", """{ "RegistryPasswordFile": "password.txt" }""");
        (await LengthAsync("--profile", "prod")).ShouldContain("length=12 source=ProfileFile");
    }

    [Test]
    public async Task A_secret_comes_from_standard_input()
    {
        _host.Input = Value + "\r\n";
        (await LengthAsync("--registry-password", "-")).ShouldContain("length=12 source=StandardInput");
    }

    [Test]
    public async Task At_a_terminal_standard_input_is_the_person_and_what_is_typed_is_hidden()
    {
        _host.Ask = (question, isHidden, _) =>
            Task.FromResult<string?>(isHidden && question == "--registry-password (Of the registry)" ? Value : null);
        (await LengthAsync("--registry-password", "-")).ShouldContain("length=12 source=StandardInput");
    }

    [Test]
    public async Task The_strongest_source_counts_whether_it_names_the_value_or_a_file()
    {
        _host.Environment["REGISTRY_PASSWORD"] = "weak";
        (await LengthAsync("--registry-password-file", "password.txt")).ShouldContain("length=12 source=CommandLine");
        _host.Environment["REGISTRY_PASSWORD_FILE"] = "nowhere.txt";
        _host.Environment.Remove("REGISTRY_PASSWORD");
        (await LengthAsync("--registry-password", "four")).ShouldContain("length=4 source=CommandLine");
    }

    [TestCase(
        "--registry-password-file nowhere.txt",
        "--registry-password-file: 'nowhere.txt' is not a file that exists"
    )]
    [TestCase("--registry-password-file .", "--registry-password-file: '.' is a directory, not a file")]
    [TestCase("--registry-password-file empty.txt", "--registry-password-file: 'empty.txt' is empty")]
    [TestCase(
        "--registry-password-file huge.txt",
        "--registry-password-file: 'huge.txt' is longer than 65536 characters"
    )]
    [TestCase(
        "--registry-password x --registry-password-file password.txt",
        "--registry-password and --registry-password-file give the same secret: leave one of them out"
    )]
    [TestCase(
        "--registry-password - --token -",
        "only one secret can be read from standard input, not --registry-password and --token"
    )]
    [TestCase("--registry-password -", "--registry-password: standard input is empty")]
    [TestCase("--pin-file password.txt", "--pin-file: *** is not valid")]
    [TestCase("--registry-pasword x", "unknown option --registry-pasword (did you mean --registry-password?)")]
    public async Task A_mistake_is_refused_without_printing_the_secret(string arguments, string expected)
    {
        System.IO.File.WriteAllText(_host.Root / "empty.txt", "\n");
        System.IO.File.WriteAllText(_host.Root / "huge.txt", new string('x', 70_000));
        var run = await _host.RunAsync<Secrets>(["length", .. arguments.Split(' ')]);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(expected);
        (run.Output + run.Error).ShouldNotContain(Value);
        run.Output.ShouldBe("");
    }

    [Test]
    public async Task Two_variables_for_one_secret_are_refused()
    {
        _host.Environment["REGISTRY_PASSWORD"] = Value;
        _host.Environment["REGISTRY_PASSWORD_FILE"] = "password.txt";
        var run = await _host.RunAsync<Secrets>("length");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(
            "environment variable REGISTRY_PASSWORD and environment variable REGISTRY_PASSWORD_FILE give the same secret"
        );
    }

    [Test]
    public async Task An_encrypted_value_of_another_host_is_not_taken_for_the_secret()
    {
        _host.File("parameters.json", """{ "RegistryPassword": "v1:abcdef==" }""");
        var run = await _host.RunAsync<Secrets>("length");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(
            ".nuke/parameters.json:1:3: \"RegistryPassword\" is encrypted, which this host cannot read; name a file instead: \"RegistryPasswordFile\""
        );
    }

    [Test]
    public async Task A_mistake_elsewhere_leaves_standard_input_alone()
    {
        _host.Ask = (_, _, _) => throw new InvalidOperationException("asked");
        (await _host.RunAsync<Secrets>("length", "--bogus", "--registry-password", "-")).ExitCode.ShouldBe(2);
        (await _host.RunAsync<Secrets>("--help", "--registry-password", "-")).ExitCode.ShouldBe(0);
    }

    [Test]
    public async Task A_parameter_that_is_no_secret_may_be_a_dash() =>
        (await _host.RunAsync<Secrets>("length", "--plain", "-")).Output.ShouldContain("plain=-");

    [Test]
    public async Task A_parameter_of_the_build_wins_over_the_file_of_a_secret()
    {
        var run = await _host.RunAsync<Secrets>("length", "--token-file", "password.txt");
        run.Output.ShouldContain($"file=password.txt");
        run.Output.ShouldContain("token=0");
    }

    [Test]
    public async Task The_help_tells_of_the_other_ways() =>
        (await _host.RunAsync<Secrets>("--help"))
            .Output.ReplaceLineEndings(" ")
            .ShouldContain("--registry-password-file");

    private async Task<string> LengthAsync(params string[] arguments)
    {
        var run = await _host.RunAsync<Secrets>(["length", .. arguments]);
        run.Error.ShouldBe("");
        (run.Output + run.Error).ShouldNotContain(Value);
        return run.Output;
    }

    public class Secrets : RecyclicBuild
    {
        [Parameter("Of the registry"), Secret]
        private readonly string? _registryPassword = null;

        [Parameter, Secret]
        private readonly string _token = "";

        [Parameter, Secret]
        private readonly int _pin = 0;

        [Parameter]
        public string? TokenFile { get; set; }

        [Parameter]
        public string? Plain { get; set; }

        public Target Length =>
            _ =>
                _.Executes(() =>
                {
                    WriteLine(
                        FormattableString.Invariant(
                            $"length={_registryPassword?.Length} source={SourceOf(nameof(_registryPassword))} plain={Plain} token={_token.Length} file={TokenFile} pin={_pin}"
                        )
                    );
                    WriteLine(_registryPassword ?? "");
                });
    }
}
