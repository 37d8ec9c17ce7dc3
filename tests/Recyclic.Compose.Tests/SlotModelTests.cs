using Recyclic.Deploy.Model;

namespace Recyclic.Compose.Tests;

/// <summary>
/// What of a compose file reaches the model of one slot, read through the real `docker compose config`.
/// </summary>
[Category("Docker"), CancelAfter(60_000)]
public sealed class SlotModelTests
{
    [Test]
    public async Task Values_volumes_external_networks_and_accessories_arrive_as_the_file_says(
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        var app = await reading.TextAsync(
            """
            name: test
            services:
              web:
                image: web:${TAG}
                healthcheck: { test: ["CMD", "true"] }
                environment: { LITERAL: "a $$b 'c' \"d\"" }
                links: [db, api]
                networks: { default: {}, back: { aliases: [www] }, shared: { aliases: [shop] } }
                volumes: ["data:/data", "kept:/kept", "/anonymous"]
                x-recyclic: { host: "${RECYCLIC_UNSET_HOST:-shop.example}" }
                ports: ["80:80"]
              api: { image: "api:${TAG}", healthcheck: { test: ["CMD", "true"] } }
              db: { image: "db:1", volumes: ["only-db:/db"] }
            networks: { back: {}, shared: { external: true, name: company-net } }
            volumes: { data: { driver_opts: { type: tmpfs, device: tmpfs } }, kept: { external: true, name: legacy }, only-db: {} }
            """,
            cancellationToken
        );

        var model = SlotModel.ForSlot(app, Slot.Blue, Release(), null, new Naming(app.Name), "t.1");

        var web = model["services"]!["web"]!;
        web["environment"]!["LITERAL"]!
            .ToString()
            .ShouldBe("a $$b 'c' \"d\"", "compose reads the model once more and makes one $ of it");
        web["links"]!.ToJsonString().ShouldBe("""["api"]""", "db is in another project, and found by its name");
        web["networks"]!.AsObject().Select(network => network.Key).ShouldBe(["slot", "external-shared"]);
        web["networks"]!["slot"]!["aliases"]!.ToJsonString().ShouldBe("""["www","shop","blue--web"]""");
        model["networks"]!["external-shared"]!.ToJsonString().ShouldBe("""{"name":"company-net","external":true}""");
        model["networks"]!.AsObject().Select(network => network.Key).ShouldBe(["external-shared", "slot"]);
        model["volumes"]!.AsObject().Select(volume => volume.Key).ShouldBe(["data", "kept"]);
        model["volumes"]!["data"]!["name"]!.ToString().ShouldBe("test_data", "one for all releases");
        model["volumes"]!["data"]!["driver_opts"]!["type"]!.ToString().ShouldBe("tmpfs");
        model["volumes"]!["kept"]!["external"]!.ToString().ShouldBe("true");
        app.Routes.ShouldHaveSingleItem().Host.ShouldBe("shop.example");
        app.Warnings.ShouldBeEmpty();
    }

    private static Release Release() =>
        Deploy.Model.Release.Of(
            "t1",
            new Dictionary<string, ImageRef>
            {
                ["web"] = new("web:t1", "sha256:1"),
                ["api"] = new("api:t1", "sha256:2"),
            }
        );
}
