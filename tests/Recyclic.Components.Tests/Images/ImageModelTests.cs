using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests;

public sealed class ImageModelTests
{
    [Test]
    public void A_build_keeps_its_platform_and_its_secrets_and_gets_labels()
    {
        var model = Build(
            """
            { "web": { "image": "web:v1", "platform": "linux/arm64", "build": { "context": "/src", "secrets": [{ "source": "token" }], "labels": { "own": "1" } } },
              "db": { "image": "db:1" } }
            """
        );
        model["services"]!
            .ToJsonString()
            .ShouldBe(
                """{"web":{"image":"web:v1","build":{"context":"/src","secrets":[{"source":"token"}],"labels":{"own":"1","org.opencontainers.image.version":"v1"}},"platform":"linux/arm64"}}"""
            );
        model["secrets"]!.ToJsonString().ShouldBe("""{"token":{"name":"shop_token","file":"/src/token.txt"}}""");
    }

    [Test]
    public void What_asks_for_no_secret_is_given_none() =>
        Build("""{ "web": { "image": "web:v1", "build": { "context": "/src" } } }""")
            .ContainsKey("secrets")
            .ShouldBeFalse();

    private static JsonObject Build(string services)
    {
        var resolved = (JsonObject)
            JsonNode.Parse(
                $$"""{ "name": "shop", "services": {{services}}, "secrets": { "token": { "name": "shop_token", "file": "/src/token.txt" }, "other": { "file": "/no" } } }"""
            )!;
        return ImageModel.ToBuild(
            new ComposeModel(resolved, "docker-compose.yml") { TagUsers = ["web"] },
            ReleaseTag.Parse("v1"),
            null,
            new HashSet<string>()
        );
    }
}
