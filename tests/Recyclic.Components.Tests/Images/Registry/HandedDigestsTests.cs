using System.Collections.Immutable;
using Recyclic.Components.Registry;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests.Registry;

/// <summary>The digests that go from the job that pushes to the one that deploys.</summary>
public sealed class HandedDigestsTests
{
    private static readonly string One = "sha256:" + new string('1', 64);
    private static readonly string Two = "sha256:" + new string('2', 64);

    [Test]
    public void What_was_pushed_is_what_is_deployed_whatever_a_tag_means_by_then()
    {
        var text = HandedDigests.Write([new("web", Two), new("api", One)]);
        text.ShouldBe($$"""{"api":"{{One}}","web":"{{Two}}"}""");
        HandedDigests
            .Parse("ReleaseDigests", text)
            .By(Images("api", "web"))
            .ShouldBe(
                new Dictionary<string, string> { ["r.example/team/api:1"] = One, ["r.example/team/web:1"] = Two },
                ignoreOrder: true
            );
    }

    [Test]
    public void A_service_without_a_digest_is_refused_by_name()
    {
        var handed = HandedDigests.Parse("ReleaseDigests", HandedDigests.Write([new("api", One)]));
        Should
            .Throw<ConfigurationException>(() => handed.By(Images("api", "web")))
            .Message.ShouldContain("service web: the output ReleaseDigests has no digest of it, only of api");
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{\"api\":null}")]
    [TestCase("{\"api\":\"latest\"}")]
    [TestCase("{\"api\":\"sha256:12\"}")]
    [TestCase("{\"api\":{}}")]
    [TestCase("{\"api\":\"sha256:1111111111111111111111111111111111111111111111111111111111111111\"")]
    public void What_is_no_set_of_digests_is_refused(string text) =>
        Should
            .Throw<ConfigurationException>(() => HandedDigests.Parse("ReleaseDigests", text))
            .Message.ShouldContain("the output ReleaseDigests: holds no digests by service");

    private static ImmutableSortedDictionary<string, ImageName> Images(params string[] services) =>
        services.ToImmutableSortedDictionary(
            service => service,
            service => ImageName.Parse($"r.example/team/{service}:1")!,
            StringComparer.Ordinal
        );
}
