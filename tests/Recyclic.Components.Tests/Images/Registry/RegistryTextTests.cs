using System.Text.Json.Nodes;
using Recyclic.Components.Registry;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests.Registry;

public sealed class RegistryTextTests
{
    private static readonly string A = "sha256:" + new string('a', 64);
    private static readonly string B = "sha256:" + new string('b', 64);
    private static readonly string[] NotAllowed =
    [
        "unauthorized: authentication required",
        "denied: requested access to the resource is denied",
        "no basic auth credentials",
    ];

    [TestCase("registry.example")]
    [TestCase("127.0.0.1:5000")]
    [TestCase("localhost")]
    [TestCase("[::1]:5000")]
    [TestCase("shop:5000")]
    public void A_registry_is_named_by_host_and_port(string address) =>
        RegistryAddress.WhyInvalid(address).ShouldBeNull();

    [TestCase("https://registry.example", "scheme")]
    [TestCase("registry.example/team", "path")]
    [TestCase("ann:pw@registry.example", "user and password")]
    [TestCase("registry", "needs a port or a dot")]
    [TestCase("registry.example:0", "no port between")]
    [TestCase("registry.example:99999", "no port between")]
    [TestCase("a b", "not host:port")]
    [TestCase("-x.example", "not host:port")]
    [TestCase("", "empty")]
    public void What_is_no_registry_is_refused_with_the_reason(string address, string reason) =>
        RegistryAddress.WhyInvalid(address)!.ShouldContain(reason);

    [TestCase("registry.example", "registry.example")]
    [TestCase("ghcr.io/acme", "ghcr.io")]
    [TestCase("127.0.0.1:5000/team/shop-1", "127.0.0.1:5000")]
    [TestCase("[::1]:5000/team", "[::1]:5000")]
    public void Images_may_be_below_a_path_of_a_registry(string place, string host)
    {
        RegistryAddress.WhyNoPlace(place).ShouldBeNull();
        RegistryAddress.HostOf(place).ShouldBe(host);
    }

    [TestCase("https://ghcr.io/acme", "scheme")]
    [TestCase("ann:pw@ghcr.io/acme", "user and password")]
    [TestCase("acme/shop", "needs a port or a dot")]
    [TestCase("ghcr.io/Acme", "path that no image can be below")]
    [TestCase("ghcr.io/acme/", "path that no image can be below")]
    [TestCase("ghcr.io//acme", "path that no image can be below")]
    [TestCase("", "empty")]
    public void What_is_no_place_for_images_is_refused_with_the_reason(string place, string reason) =>
        RegistryAddress.WhyNoPlace(place)!.ShouldContain(reason);

    [Test]
    public void Images_as_written_need_not_be_in_the_registry()
    {
        var images = PushPlan.Images(
            Compose(
                """{ "web": { "image": "elsewhere/web:1" }, "api": { "image": "r.example/acme/api:1", "build": {} } }"""
            ),
            "r.example/acme"
        );
        images.ShouldHaveSingleItem().Value.ShouldBe(new ImageName("r.example", "acme/api", "1"));
    }

    [Test]
    public void A_password_in_an_address_is_not_repeated() =>
        RegistryAddress.WhyInvalid("ann:pw-123@registry.example")!.ShouldNotContain("pw-123");

    [TestCase("127.0.0.1:5000", true)]
    [TestCase("[::1]:5000", true)]
    [TestCase("localhost:5000", true)]
    [TestCase("localhost:5000/team", true)]
    [TestCase("127.evil.example", false)]
    [TestCase("registry.example", false)]
    public void Only_loopback_is_spoken_to_without_TLS(string address, bool expected) =>
        RegistryAddress.IsLoopback(address).ShouldBe(expected);

    [Test]
    public void A_reference_is_taken_apart_and_put_together_again()
    {
        var image = ImageName.Parse("127.0.0.1:5000/team/api:abc1234")!;
        image.ShouldBe(new ImageName("127.0.0.1:5000", "team/api", "abc1234"));
        image.ToString().ShouldBe("127.0.0.1:5000/team/api:abc1234");
        image.ByDigest(A).ShouldBe($"127.0.0.1:5000/team/api@{A}");
    }

    [TestCase("team/api:abc1234")]
    [TestCase("127.0.0.1:5000/team/api")]
    [TestCase("127.0.0.1:5000/Team/api:x")]
    [TestCase("127.0.0.1:5000/../api:x")]
    public void A_reference_without_registry_or_tag_is_none(string reference) =>
        ImageName.Parse(reference).ShouldBeNull();

    [Test]
    public void Images_of_release_services_and_of_what_is_built_go_to_the_registry()
    {
        var images = PushPlan.Images(
            Compose(
                """
                { "api": { "image": "r.example/api:${TAG}" }, "db": { "image": "r.example/db:1", "build": {} }, "cache": { "image": "redis:7" } }
                """
            ),
            "r.example"
        );
        images.Keys.ShouldBe(["api", "db"]);
        images["api"].ShouldBe(new ImageName("r.example", "api", "abc1234"));
    }

    [Test]
    public void A_release_service_whose_image_is_elsewhere_is_refused_with_the_line_to_write()
    {
        var refused = Should.Throw<ConfigurationException>(() =>
            PushPlan.Images(
                Compose("""{ "api": { "image": "team/api:${TAG}" }, "web": { "image": "team/web:${TAG}" } }"""),
                "r.example"
            )
        );
        refused.Problems.Length.ShouldBe(2);
        refused.Problems[0].Mend.ShouldContain("${REGISTRY:+${REGISTRY:-}/}");
    }

    [Test]
    public void A_tag_with_other_content_is_refused_unless_told_so()
    {
        var item = new PushItem("api", ImageName.Parse("r.example/api:1")!, A, new RemoteImage(B, null));
        Should
            .Throw<ConfigurationException>(() => PushPlan.Check([item], overwrite: false))
            .Message.ShouldContain($"with other content: {B}");
        Should.NotThrow(() => PushPlan.Check([item], overwrite: true));
    }

    [Test]
    public void The_same_content_is_known_by_its_manifest_and_by_its_configuration()
    {
        var image = ImageName.Parse("r.example/api:1")!;
        new PushItem("api", image, A, new RemoteImage(A, null)).IsThere.ShouldBeTrue();
        new PushItem("api", image, A, new RemoteImage(B, A)).IsThere.ShouldBeTrue();
        new PushItem("api", image, A, new RemoteImage(B, B)).IsThere.ShouldBeFalse();
        new PushItem("api", image, A, null).IsThere.ShouldBeFalse();
        Should.NotThrow(() => PushPlan.Check([new("api", image, A, new RemoteImage(B, A))], overwrite: false));
    }

    [Test]
    public void An_accessory_that_the_registry_has_stays_whatever_was_built_here()
    {
        var item = new PushItem("db", ImageName.Parse("r.example/db:1")!, A, new RemoteImage(B, null))
        {
            IsKept = true,
        };
        item.IsThere.ShouldBeTrue();
        (item with { Id = null }).IsThere.ShouldBeTrue();
        (item with { Remote = null }).IsThere.ShouldBeFalse();
        Should.NotThrow(() => PushPlan.Check([item], overwrite: false));
    }

    [TestCaseSource(nameof(NotAllowed))]
    public void A_push_that_is_not_allowed_says_how_to_log_in(string printed)
    {
        var problem = RegistryProblem.OfPush(printed);
        problem.Mend.ShouldContain("--registry-user");
        problem.MayPass.ShouldBeFalse();
    }

    [TestCase("write /data/x: no space left on device", "it is full", false)]
    [TestCase("received unexpected HTTP status: 507 Insufficient Storage", "it is full", false)]
    [TestCase(
        "Get \"https://r:5000/v2/\": http: server gave HTTP response to HTTPS client",
        "it does not speak TLS",
        false
    )]
    [TestCase(
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        "its certificate is not trusted",
        false
    )]
    [TestCase(
        "error parsing HTTP 200 response body: invalid character '<' looking for beginning of value: \"<html>\"",
        "it does not answer as a registry does",
        false
    )]
    [TestCase("dial tcp 127.0.0.1:5: connect: connection refused", "it does not answer", true)]
    [TestCase("net/http: TLS handshake timeout", "it is too slow", true)]
    [TestCase("received unexpected HTTP status: 502 Bad Gateway", "it fails", true)]
    [TestCase("toomanyrequests: slow down", "it takes no more requests now", true)]
    [TestCase("received unexpected HTTP status: 200 OK", "it does not answer as a registry does", false)]
    [TestCase("something else", "it does not take the image", false)]
    public void What_docker_prints_is_told_in_words(string printed, string what, bool mayPass)
    {
        var problem = RegistryProblem.OfPush("The push refers to repository\n" + printed + "\n");
        problem.What.ShouldBe(what);
        problem.Evidence.ShouldBe(printed);
        problem.MayPass.ShouldBe(mayPass);
    }

    [Test]
    public void Progress_counts_layers_and_ends_with_the_digest()
    {
        var progress = new PushProgress();
        foreach (
            var line in new[]
            {
                "The push refers to repository [r.example/api]",
                "5f70bf18a086: Preparing",
                "a3b5c80a4eba: Waiting",
                "5f70bf18a086: Pushed",
                "a3b5c80a4eba: Layer already exists",
            }
        )
            progress.Read(line);
        progress.ToString().ShouldBe("2 of 2 layers");
        progress.Digest.ShouldBeNull();
        progress.Read($"abc1234: digest: {A} size: 1153");
        progress.Digest.ShouldBe(A);
    }

    private static ComposeModel Compose(string services)
    {
        var written = (JsonObject)JsonNode.Parse(services)!;
        return new(
            (JsonObject)
                JsonNode.Parse(
                    $$"""{ "name": "shop", "services": {{services.Replace("${TAG}", "abc1234", StringComparison.Ordinal)}} }"""
                )!,
            "docker-compose.yml"
        )
        {
            TagUsers =
            [
                .. written
                    .Where(service =>
                        service.Value!["image"]!.GetValue<string>().Contains("${TAG}", StringComparison.Ordinal)
                    )
                    .Select(service => service.Key),
            ],
        };
    }
}
