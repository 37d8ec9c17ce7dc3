using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Compose.Tests;

/// <summary>
/// Which variables of the deployer's machine compose gets, by real files. The variables of this process are set, so
/// these tests run alone.
/// </summary>
[Category("Docker"), CancelAfter(60_000), NonParallelizable]
public sealed class RoomTests
{
    private const string Value = "of-the-build-4711";
    private const string Token = "of-the-ci-4711";

    private readonly Dictionary<string, string?> _before = [];

    [SetUp]
    public void SetUp()
    {
        Set("DEPLOY_SSH_KEY", Value);
        Set("GITHUB_TOKEN", Token);
        Set("CMP_ROOM_PLAIN", "plain");
    }

    [TearDown]
    public void TearDown()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
        _before.Clear();
    }

    private static IEnumerable<TestCaseData> Uses()
    {
        yield return Use("as seen", "environment: { URL: \"${DEPLOY_SSH_KEY}/${GITHUB_TOKEN}\" }");
        yield return Use("with a default", "environment: { URL: \"${DEPLOY_SSH_KEY:-}${GITHUB_TOKEN-}\" }");
        yield return Use("if it is set", "environment: { URL: \"${DEPLOY_SSH_KEY:+${GITHUB_TOKEN}}$DEPLOY_SSH_KEY\" }");
        yield return Use("or an error", "environment: { URL: \"${DEPLOY_SSH_KEY:?none}${GITHUB_TOKEN?none}\" }");
        yield return Use("bare", "environment:\n  - DEPLOY_SSH_KEY\n  - GITHUB_TOKEN");
        yield return Use("bare, quoted, in one line", "environment: [\"DEPLOY_SSH_KEY\", GITHUB_TOKEN]");
        yield return Use("without a value", "environment:\n  DEPLOY_SSH_KEY:\n  GITHUB_TOKEN: null");
        yield return Use("without a value, in one line", "environment: { DEPLOY_SSH_KEY: , GITHUB_TOKEN: }");
        yield return Use("a build argument", "build: { context: ., args: [DEPLOY_SSH_KEY, GITHUB_TOKEN] }");
        yield return Use("a label", "labels: { \"a\": \"$DEPLOY_SSH_KEY $GITHUB_TOKEN\" }");
        yield return Use("a label's name", "labels: [\"$DEPLOY_SSH_KEY=1\", \"$GITHUB_TOKEN=2\"]");
        yield return Use("a command", "command: [\"run\", \"--key\", \"$DEPLOY_SSH_KEY\", \"${GITHUB_TOKEN}\"]");
        yield return Use("a health check", "healthcheck: { test: \"check ${DEPLOY_SSH_KEY} $GITHUB_TOKEN\" }");
        yield return Use("an env_file", "env_file: secret.env");
        yield return Use("env_files", "env_file:\n- path: ./secret.env\n  required: true");
        yield return Use("an env_file by a variable", "env_file: [\"${CMP_ROOM_NAME:-secret}.env\"]");
        yield return Use("another file", "extends: { file: other.yml, service: base }");

        static TestCaseData Use(string name, string yaml) => new TestCaseData(yaml).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Uses))]
    public async Task What_a_file_names_that_is_a_secret_is_refused_with_its_place(
        string use,
        CancellationToken cancellationToken
    )
    {
        using var reading = await ReadingAsync();
        var refused = await Should.ThrowAsync<ConfigurationException>(() =>
            reading.ServicesAsync(Service("api", use), cancellationToken)
        );
        refused.Message.ShouldContain("services.api.");
        refused.Message.ShouldContain("it uses DEPLOY_SSH_KEY, a credential of the CI system");
        refused.Message.ShouldContain("it uses GITHUB_TOKEN, a credential of the CI system");
        refused.Message.ShouldContain("x-recyclic: { secrets: [GITHUB_TOKEN] }");
        refused.Message.ShouldNotContain(Value);
        refused.Message.ShouldNotContain(Token);
    }

    [TestCase("include: [other.yml]")]
    [TestCase("include:\n  - path: ./other.yml\n    project_directory: .")]
    [TestCase("x-shared: &shared { URL: \"$DEPLOY_SSH_KEY$GITHUB_TOKEN\" }", "environment: { <<: *shared }")]
    public async Task What_comes_from_elsewhere_is_refused_as_well(
        string top,
        string use = "",
        CancellationToken cancellationToken = default
    )
    {
        using var reading = await ReadingAsync();
        var text = $"name: test\n{top}\nservices:\n" + Indented(Service("api", use)) + "\n";
        (
            await Should.ThrowAsync<ConfigurationException>(() => reading.TextAsync(text, cancellationToken))
        ).Message.ShouldContain("it uses GITHUB_TOKEN");
    }

    [Test]
    public async Task A_declared_secret_is_refused_and_the_same_variable_that_nobody_declared_is_filled_in(
        CancellationToken cancellationToken
    )
    {
        const string Service = "image: shop/api:${TAG}\nenvironment: { A: \"${CMP_ROOM_PLAIN}\" }";
        using var reading = await ReadingAsync();
        (await reading.ServicesAsync(Indented("api:\n" + Indented(Service)), cancellationToken)).Document["services"]![
            "api"
        ]!["environment"]!["A"]!
            .ToString()
            .ShouldBe("plain");
        reading.Secrets = new(ImmutableDictionary<string, string>.Empty, ["CMP_ROOM_PLAIN"]);
        var problem = (
            await reading.ProblemsAsync(Indented("api:\n" + Indented(Service)), cancellationToken)
        ).ShouldHaveSingleItem();
        problem.Place.ShouldEndWith("services.api.environment.A");
        problem.What.ShouldBe(
            "it uses CMP_ROOM_PLAIN, a secret of the build, which a container gets only if its service asks for it"
        );
    }

    [Test]
    public async Task A_service_that_lists_a_secret_gets_it_and_no_other_service_does(
        CancellationToken cancellationToken
    )
    {
        using var reading = await ReadingAsync();
        var asking = Service("api", "environment: { A: \"$GITHUB_TOKEN\" }\nx-recyclic: { secrets: [GITHUB_TOKEN] }");
        var app = await reading.ServicesAsync(asking, cancellationToken);
        app.Document["services"]!["api"]!["environment"]!["A"]!.ToString().ShouldBe(Token);

        var both = asking + "\n" + Service("web", "environment: { A: \"$GITHUB_TOKEN\" }");
        var problem = (await reading.ProblemsAsync(both, cancellationToken)).ShouldHaveSingleItem();
        problem.Place.ShouldEndWith("services.web.environment.A");
    }

    [Test]
    public async Task An_accessory_may_list_a_secret_too(CancellationToken cancellationToken)
    {
        using var reading = await ReadingAsync();
        var app = await reading.ServicesAsync(
            "api: { image: \"shop/api:${TAG}\" }\n"
                + "db: { image: \"postgres:15\", environment: { A: \"$GITHUB_TOKEN\" }, x-recyclic: { secrets: [GITHUB_TOKEN] } }",
            cancellationToken
        );
        app.Document["services"]!["db"]!["environment"]!["A"]!.ToString().ShouldBe(Token);
    }

    [Test]
    public async Task A_secret_may_be_the_content_of_a_file_and_is_nowhere_else(CancellationToken cancellationToken)
    {
        using var reading = await ReadingAsync();
        var text =
            "name: test\nservices:\n  api: { image: \"shop/api:${TAG}\", secrets: [token] }\n"
            + "secrets: { token: { environment: GITHUB_TOKEN } }\n";
        var app = await reading.TextAsync(text, cancellationToken);
        app.Document["services"]!.ToJsonString().ShouldNotContain(Token);
        app.Variables.Values.ShouldContain(Token);
        var used = text.Replace("secrets: [token]", "secrets: [token], command: \"$GITHUB_TOKEN\"");
        (
            await Should.ThrowAsync<ConfigurationException>(() => reading.TextAsync(used, cancellationToken))
        ).Message.ShouldContain("services.api.command");
    }

    [Test]
    public async Task What_the_environment_of_the_build_gives_is_had_without_more(CancellationToken cancellationToken)
    {
        using var reading = await ReadingAsync();
        reading.Secrets = new(
            ImmutableDictionary<string, string>.Empty.Add("GITHUB_TOKEN", "given"),
            ["GITHUB_TOKEN", "DEPLOY_SSH_KEY"]
        );
        var app = await reading.ServicesAsync(
            Service("api", "environment: { A: \"$GITHUB_TOKEN\" } # not ${DEPLOY_SSH_KEY}"),
            cancellationToken
        );
        app.Document["services"]!["api"]!["environment"]!["A"]!.ToString().ShouldBe("given");
    }

    [TestCase("# ${GITHUB_TOKEN}")]
    [TestCase("environment: { A: \"$${GITHUB_TOKEN}\" } # - DEPLOY_SSH_KEY")]
    [TestCase("x-note: none\n# environment:\n#   - GITHUB_TOKEN")]
    public async Task What_only_speaks_of_a_secret_is_read(string use, CancellationToken cancellationToken)
    {
        using var reading = await ReadingAsync();
        (await reading.ServicesAsync(Service("api", use), cancellationToken))
            .Document.ToJsonString()
            .ShouldNotContain(Token);
    }

    [Test]
    public async Task A_secret_that_is_not_set_is_none(CancellationToken cancellationToken)
    {
        Set("GITHUB_TOKEN", null);
        using var reading = await ReadingAsync();
        var app = await reading.ServicesAsync(
            Service("api", "environment: { A: \"${GITHUB_TOKEN:-of-the-file}\" }"),
            cancellationToken
        );
        app.Document["services"]!["api"]!["environment"]!["A"]!.ToString().ShouldBe("of-the-file");
    }

    private static string Service(string name, string more) =>
        $"{name}:\n" + Indented($"image: shop/{name}:${{TAG}}\n{more}");

    private static string Indented(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? line : "  " + line));

    private static async Task<Reading> ReadingAsync()
    {
        var reading = new Reading();
        await reading.WriteAsync("secret.env", "DEPLOY_SSH_KEY\nB=${GITHUB_TOKEN}\n");
        await reading.WriteAsync(
            "other.yml",
            "services:\n  base: { image: \"shop/base:1\", environment: [\"A=$DEPLOY_SSH_KEY$GITHUB_TOKEN\"] }\n"
        );
        return reading;
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
