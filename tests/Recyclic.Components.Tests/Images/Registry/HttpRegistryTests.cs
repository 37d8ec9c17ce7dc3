using System.Security.Cryptography;
using System.Text;
using Recyclic.Components.Registry;
using Recyclic.Components.Registry.Adapters;

namespace Recyclic.Components.Tests.Registry;

/// <summary>A registry on loopback, as the distribution specification has it and as it goes wrong.</summary>
[CancelAfter(20_000)]
public sealed class HttpRegistryTests
{
    private const string Manifest = """{"schemaVersion":2,"config":{"digest":"sha256:c0ffee"}}""";
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private static readonly string Digest =
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Manifest)));
    private static readonly string Basic = "Basic " + Convert.ToBase64String("ann:pw"u8);

    [Test]
    public async Task An_image_is_found_by_its_tag(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ => new(200, Manifest, ManifestType));
        (await FindAsync(server.Host, null, cancellationToken)).ShouldBe(new RemoteImage(Digest, "sha256:c0ffee"));
        server.Asked.ShouldHaveSingleItem().Path.ShouldBe("/v2/team/api/manifests/1");
    }

    [TestCase("MANIFEST_UNKNOWN")]
    [TestCase("NAME_UNKNOWN")]
    public async Task A_tag_that_is_not_there_is_no_error(string code, CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ => new(404, $$"""{"errors":[{"code":"{{code}}"}]}"""));
        (await FindAsync(server.Host, null, cancellationToken)).ShouldBeNull();
    }

    [TestCase(404, "<html>not found</html>", "text/html")]
    [TestCase(200, "<html>welcome</html>", "text/html")]
    [TestCase(200, "{ not json", ManifestType)]
    [TestCase(302, "", "text/html")]
    public async Task What_is_no_registry_is_told_so(
        int status,
        string body,
        string type,
        CancellationToken cancellationToken
    )
    {
        await using var server = new PathServer(_ => new(status, body, type, "Location: /login"));
        (await FailAsync(server.Host, null, cancellationToken)).What.ShouldBe("it does not answer as a registry does");
    }

    [TestCase(500, "it fails")]
    [TestCase(507, "it is full")]
    [TestCase(429, "it takes no more requests now")]
    [TestCase(403, "it does not let us in")]
    public async Task A_bad_status_is_told_in_words(int status, string what, CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ => new(status, "oops", "text/plain"));
        var problem = await FailAsync(server.Host, null, cancellationToken);
        problem.What.ShouldBe(what);
        problem.Evidence.ShouldContain($"status {status}, \"oops\"");
    }

    [Test]
    public async Task A_registry_that_says_nothing_is_too_slow_and_not_waited_for(CancellationToken cancellationToken)
    {
        using var patience = new ManualResetEventSlim();
        await using var server = new PathServer(_ =>
        {
            patience.Wait(TimeSpan.FromSeconds(10), cancellationToken);
            return new(200);
        });
        (await FailAsync(server.Host, null, cancellationToken, TimeSpan.FromMilliseconds(300))).What.ShouldBe(
            "it is too slow"
        );
        patience.Set();
    }

    [Test]
    public async Task A_registry_that_is_not_there_is_told_so(CancellationToken cancellationToken) =>
        (await FailAsync("127.0.0.1:1", null, cancellationToken)).What.ShouldBe("it does not answer");

    [Test]
    public async Task A_password_is_sent_only_when_it_is_asked_for(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(ask =>
            ask.Authorization == Basic
                ? new(200, Manifest, ManifestType)
                : new(401, "", "text/plain", "WWW-Authenticate: Basic realm=\"r\"")
        );
        (await FindAsync(server.Host, new("ann", "pw"), cancellationToken)).ShouldNotBeNull();
        server.Asked.Select(ask => ask.Authorization).ShouldBe([null, Basic]);
    }

    [Test]
    public async Task Without_a_password_the_refusal_says_how_to_log_in(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ => new(401, "", "text/plain", "WWW-Authenticate: Basic realm=\"r\""));
        (await FailAsync(server.Host, null, cancellationToken)).Mend.ShouldContain("--registry-user");
    }

    [Test]
    public async Task A_token_is_fetched_where_the_registry_says(CancellationToken cancellationToken)
    {
        PathServer? self = null;
        await using var server = self = new PathServer(ask =>
            ask.Path.StartsWith("/token", StringComparison.Ordinal)
                ? new(ask.Authorization == Basic ? 200 : 401, """{"token":"t0ken"}""")
            : ask.Authorization == "Bearer t0ken" ? new(200, Manifest, ManifestType)
            : new(
                401,
                "",
                "text/plain",
                $"WWW-Authenticate: Bearer realm=\"http://{self!.Host}/token\",service=\"r\",scope=\"x\""
            )
        );
        (await FindAsync(server.Host, new("ann", "pw"), cancellationToken))!.Digest.ShouldBe(Digest);
        server.Asked.ElementAt(1).Path.ShouldBe("/token?scope=repository%3Ateam%2Fapi%3Apull&service=r");
    }

    [Test]
    public async Task A_password_never_goes_to_a_place_without_TLS(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ =>
            new(401, "", "text/plain", "WWW-Authenticate: Bearer realm=\"http://elsewhere.example/token\"")
        );
        (await FailAsync(server.Host, new("ann", "pw"), cancellationToken)).What.ShouldBe("it does not let us in");
        server.Asked.Count.ShouldBe(1);
    }

    [Test]
    public async Task All_images_that_are_missing_are_named_at_once(CancellationToken cancellationToken)
    {
        await using var server = new PathServer(_ => new(404, """{"errors":[{"code":"MANIFEST_UNKNOWN"}]}"""));
        using var registry = Registry(null, TimeSpan.FromSeconds(5));
        var refused = await Should.ThrowAsync<Recyclic.Deploy.Model.ConfigurationException>(() =>
            DigestLookup.FindAsync(
                registry,
                [new(server.Host, "api", "1"), new(server.Host, "web", "1")],
                cancellationToken
            )
        );
        refused
            .Problems.Select(problem => problem.What)
            .ShouldBe([$"there is no {server.Host}/api:1", $"there is no {server.Host}/web:1"]);
        refused.Problems[0].Mend.ShouldContain("./build.sh PushImages --tag 1");
    }

    private static async Task<RemoteImage?> FindAsync(
        string host,
        RegistryCredentials? who,
        CancellationToken cancellationToken
    )
    {
        using var registry = Registry(who, TimeSpan.FromSeconds(5));
        return await registry.FindAsync(new ImageName(host, "team/api", "1"), cancellationToken);
    }

    private static async Task<RegistryProblem> FailAsync(
        string host,
        RegistryCredentials? who,
        CancellationToken cancellationToken,
        TimeSpan? deadline = null
    )
    {
        using var registry = Registry(who, deadline ?? TimeSpan.FromSeconds(5));
        return (
            await Should.ThrowAsync<RegistryException>(() =>
                registry.FindAsync(new ImageName(host, "team/api", "1"), cancellationToken)
            )
        ).Problem;
    }

    private static HttpRegistry Registry(RegistryCredentials? who, TimeSpan deadline) =>
        new(RegistryAddress.IsLoopback, (_, _) => Task.FromResult(who), deadline);
}
