using System.Security.Cryptography;
using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.Pipeline;

/// <summary>
/// Pushes by the real command line, to a real registry and to what is none. Small images: it is the answers that count.
/// </summary>
[Category("Docker")]
[NonParallelizable]
[CancelAfter(240_000)]
public sealed class PushTests
{
    private readonly string _repository = "e2e-push-" + Images.Run;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("recyclic-push-");
    private readonly List<string> _built = [];
    private PrivateRegistry _registry = null!;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    private string ComposeFile => Path.Combine(_directory.FullName, "docker-compose.yml");

    [OneTimeSetUp]
    public async Task PrepareAsync()
    {
        await Engine.ReadyAsync();
        await File.WriteAllTextAsync(
            ComposeFile,
            $$"""
            name: {{_repository}}
            services:
              api: { image: "${REGISTRY:+${REGISTRY:-}/}{{_repository}}/api:${TAG}", build: . }
              db: { image: "${REGISTRY:+${REGISTRY:-}/}{{_repository}}/db:1", build: . }
            """
        );
        Directory.CreateDirectory(Path.Combine(_directory.FullName, "docker"));
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        _registry = await PrivateRegistry.StartAsync(deadline.Token);
    }

    [OneTimeTearDown]
    public async Task RemoveAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        if (_built.Count > 0)
            await DockerHere.TryAsync(["rmi", "--force", .. _built.Distinct()], deadline.Token);
        if (_registry is not null)
            await _registry.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Test]
    public async Task A_tag_that_means_other_content_is_moved_only_when_told_and_an_accessory_stays()
    {
        await BuildAsync(_registry.Address, "one", "api:1", "db:1");
        var first = (await PushAsync(_registry.Address, "1", Known, "--json")).ShouldExitWith(0).Json;

        await BuildAsync(_registry.Address, "two", "api:1", "db:1");
        var refused = (await PushAsync(_registry.Address, "1", Known)).ShouldExitWith(2);
        refused.All.ShouldContain($"api:1 is in the registry with other content: {first["images"]!["api"]!["digest"]}");
        refused.All.ShouldNotContain("db:1 is in the registry with other content");

        await BuildAsync(_registry.Address, "three", "api:2");
        var second = (await PushAsync(_registry.Address, "2", Known, "--json")).ShouldExitWith(0).Json;
        second["images"]!["db"]!
            .ToJsonString()
            .ShouldBe(
                first["images"]!["db"]!.ToJsonString(),
                "another machine's build of an accessory does not replace it"
            );

        var moved = (await PushAsync(_registry.Address, "1", Known, "--json", "--overwrite-tag"))
            .ShouldExitWith(0)
            .Json;
        moved["images"]!["api"]!["digest"]!
            .GetValue<string>()
            .ShouldNotBe(first["images"]!["api"]!["digest"]!.GetValue<string>());
        moved["images"]!["db"]!["digest"]!
            .GetValue<string>()
            .ShouldNotBe(first["images"]!["db"]!["digest"]!.GetValue<string>());
        (await PushAsync(_registry.Address, "1", Known)).ShouldExitWith(0).Output.ShouldContain("was there");
    }

    [Test]
    public async Task A_registry_lets_in_who_has_the_password_and_tells_it_to_nobody()
    {
        await BuildAsync(_registry.Address, "login", "api:login", "db:1");
        (await PushAsync(_registry.Address, "login", Nobody))
            .ShouldExitWith(2)
            .All.ShouldContain("it does not let us in");
        var wrong = (
            await PushAsync(
                _registry.Address,
                "login",
                new Dictionary<string, string>
                {
                    ["REGISTRY_USER"] = PrivateRegistry.User,
                    ["REGISTRY_PASSWORD"] = "not'the\"one%20",
                }
            )
        ).ShouldExitWith(2);
        wrong.All.ShouldContain("it does not let us in");
        wrong.All.ShouldNotContain("not'the");

        var file = Path.Combine(_directory.FullName, "password");
        await File.WriteAllTextAsync(file, PrivateRegistry.Password + "\n", Token);
        var right = (
            await PushAsync(
                _registry.Address,
                "login",
                new Dictionary<string, string>
                {
                    ["REGISTRY_USER"] = PrivateRegistry.User,
                    ["REGISTRY_PASSWORD_FILE"] = file,
                },
                "--verbosity",
                "verbose"
            )
        ).ShouldExitWith(0);
        right.All.ShouldNotContain(PrivateRegistry.Password);
        File.Exists(Path.Combine(_directory.FullName, "docker", "config.json"))
            .ShouldBeFalse("the login goes into a configuration that is thrown away");
    }

    [Test]
    [Explicit("takes minutes: docker tries each upload five times, and the push is tried three times")]
    public async Task A_full_registry_is_said_to_fail_and_nothing_is_deployed()
    {
        await using var small = await PrivateRegistry.StartAsync(Token, megabytes: 1);
        await BuildAsync(small.Address, "large", "api:large", "db:1");
        var failed = (await PushAsync(small.Address, "large", Known)).ShouldExitWith(1);
        failed.All.ShouldContain("api:large was not pushed: it ");
        failed.All.ShouldContain("users   untouched");
    }

    [Test]
    public async Task What_is_no_registry_or_refuses_is_told_apart()
    {
        await ShouldFailAsync(_ => Answer.Page, 2, "it does not answer as a registry does");
        await ShouldFailAsync(_ => Answer.Refusal, 2, "it does not let us in");
    }

    [Test]
    public async Task An_upload_that_is_refused_or_answered_by_a_page_or_not_at_all_is_told_apart()
    {
        // docker tries each of these again and again by itself: some minutes.
        Settings.OnlyWithAllFaults();
        static bool IsQuestion(string request) =>
            request.StartsWith("GET ", StringComparison.Ordinal)
            && request.Contains("/manifests/", StringComparison.Ordinal);
        static bool IsUpload(string request) =>
            request.StartsWith("POST ", StringComparison.Ordinal)
            || request.Contains("/blobs/", StringComparison.Ordinal);

        await ShouldFailAsync(
            request =>
                IsQuestion(request) ? Answer.NoSuchImage
                : IsUpload(request) ? Answer.Page
                : Answer.Welcome,
            1,
            "it does not answer as a registry does"
        );
        await ShouldFailAsync(
            request =>
                IsQuestion(request) ? Answer.NoSuchImage
                : IsUpload(request) ? Answer.Refusal
                : Answer.Welcome,
            1,
            "it does not let us in"
        );
        await ShouldFailAsync(
            request =>
                IsQuestion(request) ? Answer.NoSuchImage
                : IsUpload(request) ? null
                : Answer.Welcome,
            1,
            "it is too slow",
            "--push-timeout",
            "2"
        );
    }

    private static IReadOnlyDictionary<string, string> Known => PrivateRegistry.Login;

    private static Dictionary<string, string> Nobody => [];

    private async Task ShouldFailAsync(
        Func<string, Answer?> answer,
        int exitCode,
        string words,
        params string[] options
    )
    {
        await using var impostor = new Impostor(answer);
        await BuildAsync(impostor.Address, "any", "api:any", "db:1");
        var failed = (await PushAsync(impostor.Address, "any", Nobody, options)).ShouldExitWith(exitCode);
        failed.All.ShouldContain(words, Case.Insensitive, failed.All);
    }

    /// <summary>Images of two megabytes that cannot be compressed; the same name gives the same content.</summary>
    private async Task BuildAsync(string registry, string content, params string[] images)
    {
        var context = Directory.CreateDirectory(Path.Combine(_directory.FullName, content));
        var file = Path.Combine(context.FullName, "content");
        if (!File.Exists(file))
            await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(2_000_000), Token);
        await File.WriteAllTextAsync(
            Path.Combine(context.FullName, "Dockerfile"),
            "FROM scratch\nCOPY content /\n",
            Token
        );
        foreach (var image in images.Select(image => $"{registry}/{_repository}/{image}"))
        {
            await DockerHere.RunAsync(Token, "build", "--quiet", "--tag", image, context.FullName);
            _built.Add(image);
        }
    }

    private Task<ToolResult> PushAsync(
        string registry,
        string tag,
        IReadOnlyDictionary<string, string> login,
        params string[] options
    ) =>
        Tool.RunAsync(
            new Dictionary<string, string>(login) { ["DOCKER_CONFIG"] = Path.Combine(_directory.FullName, "docker") },
            ["PushImages", "--compose-file", ComposeFile, "--registry", registry, "--tag", tag, .. options],
            Token
        );
}
