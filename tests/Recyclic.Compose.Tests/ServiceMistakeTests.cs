using System.Collections.Immutable;
using Recyclic.Deploy.Model;

namespace Recyclic.Compose.Tests;

/// <summary>Mistakes in one service, each named with its place and its mend.</summary>
[Category("Docker"), CancelAfter(60_000), Parallelizable(ParallelScope.Children)]
public sealed class ServiceMistakeTests
{
    private static readonly TestCaseData[] Mistakes =
    [
        Mistake(
            "network_mode of another container",
            "network_mode: container:other",
            "`network_mode: container:other` takes it out of its slot's network",
            "Remove network_mode"
        ),
        Mistake(
            "volumes_from",
            "volumes_from: [\"container:other\"]",
            "`volumes_from` ties it to one container",
            "named volume"
        ),
        Mistake(
            "UDP port of two at once",
            "ports: [\"53:53/udp\"]\nx-recyclic: { overlap: true }",
            "publishes 53/udp, which the edge cannot forward",
            "Remove overlap: true"
        ),
        Mistake(
            "UDP port of replicas",
            "ports: [\"53:53/udp\"]\ndeploy: { replicas: 2 }",
            "which one container alone can have, and it has 2 replicas",
            "Give it one"
        ),
        Mistake(
            "TLS without a port for it",
            "ports: [\"8080:8080\"]\nx-recyclic: { tls: { certificate: ./none.pem } }",
            "x-recyclic.tls is to end on port 443, which it does not publish",
            "tls: { port: 8080 }"
        ),
        Mistake(
            "a certificate that is not there",
            "ports: [\"443:8080\"]\nx-recyclic: { tls: { certificate: ./none.pem } }",
            "x-recyclic.tls: ./none.pem is not there",
            "Mend the path"
        ),
        Mistake(
            "ACME without a port that an authority asks on",
            "ports: [\"443:8080\"]\nx-recyclic: { host: shop.example.org, tls: { acme: true } }",
            "an authority asks on port 80, and it is not published",
            "Publish it, for example \"80:8080\""
        ),
        Mistake(
            "ACME for a name that is known here alone",
            "ports: [\"443:8080\", \"80:8080\"]\nx-recyclic: { host: shop.local, tls: { acme: true } }",
            "shop.local is a name that is known here alone",
            "Use a public name"
        ),
        Mistake("IPv6 host address", "ports: [\"[::1]:8080:80\"]", "published on the IPv6 address ::1", "IPv4"),
        Mistake("replicas", "deploy: { replicas: 51 }", "deploy.replicas is 51", "Use 1 to 50"),
        Mistake(
            "missing bind mount",
            "volumes: [\"./conf/app.json:/app.json:ro\"]",
            "/conf/app.json, which does not exist; Docker would put an empty directory there",
            "Create it"
        ),
        Mistake(
            "missing file by its target",
            "volumes: [\"./conf/app:/etc/app.conf\"]",
            "/conf/app, which does not exist",
            "Create it"
        ),
        Mistake(
            "missing bind mount that compose would not create",
            "volumes: [{ type: bind, source: ./data, target: /data, bind: { create_host_path: false } }]",
            "/data, which does not exist",
            "Create it"
        ),
        Mistake(
            "secrets that are no list",
            "x-recyclic: { secrets: GITHUB_TOKEN }",
            "x-recyclic.secrets 'GITHUB_TOKEN' is no list of variables",
            "[SENTRY_TOKEN]"
        ),
        Mistake(
            "secrets that are no names",
            "x-recyclic: { secrets: [\"a b\"] }",
            "is no list of variables",
            "[SENTRY_TOKEN]"
        ),
        Mistake(
            "unknown setting",
            "x-recyclic: { overlaps: false }",
            "no setting 'overlaps'",
            "overlap, settle, hold, mode, ports, host, path"
        ),
        Mistake(
            "overlap",
            "x-recyclic: { overlap: maybe }",
            "x-recyclic.overlap 'maybe' is neither true nor false",
            "false: it must not run twice"
        ),
        Mistake("hold that is too long", "x-recyclic: { hold: 10m }", "x-recyclic.hold '10m' is not a duration", "30s"),
        Mistake("hold without unit", "x-recyclic: { hold: 10 }", "x-recyclic.hold '10' is not a duration", "30s"),
        Mistake("settle without unit", "x-recyclic: { settle: 10 }", "x-recyclic.settle '10' is not a duration", "10s"),
        Mistake("mode", "x-recyclic: { mode: udp }", "x-recyclic.mode 'udp' is unknown", "http, tcp or auto"),
        Mistake(
            "port that is the host's",
            "ports: [\"80:8443\"]\nx-recyclic: { ports: { \"80\": tcp } }",
            "x-recyclic.ports names 80",
            "8443"
        ),
        Mistake(
            "host with scheme",
            "x-recyclic: { host: \"http://a.example\" }",
            "x-recyclic.host 'http://a.example' is not a host name",
            "without scheme and port"
        ),
        Mistake("empty host", "x-recyclic: { host: }", "x-recyclic.host '' is not a host name", "leave it out"),
        Mistake(
            "list of hosts",
            "x-recyclic: { host: [a.example, b.example] }",
            "x-recyclic.host '[\"a.example\",\"b.example\"]' is not a host name",
            "Write one"
        ),
        Mistake(
            "backup of a release service",
            "x-recyclic: { backup: true }",
            "x-recyclic has no setting 'backup'",
            "Use one of"
        ),
        Mistake("relative path", "x-recyclic: { path: api }", "x-recyclic.path 'api' is not a path", "/api"),
        Mistake("root path", "x-recyclic: { path: / }", "x-recyclic.path '/' is not a path", "Leave it out"),
        Mistake(
            "path that would be HAProxy code",
            "x-recyclic: { path: \"/a }\\n    use_backend x\" }",
            "is not a path",
            "/api"
        ),
        Mistake(
            "TCP by path",
            "ports: [\"80:80\"]\nx-recyclic: { mode: tcp, path: /a }",
            "mode tcp together with host or path",
            "Remove"
        ),
        Mistake("x-recyclic that is no map", "x-recyclic: true", "x-recyclic is true, not a map", "overlap: false"),
        Mistake("empty x-recyclic", "x-recyclic:", "x-recyclic is empty, not a map", "overlap: false"),
        Mistake(
            "required variable",
            "environment: [\"A=${RECYCLIC_UNSET_A:?say where}\"]",
            "required variable RECYCLIC_UNSET_A is missing a value: say where",
            "Mend the file"
        ),
    ];

    private static readonly string[] Fine =
    [
        "environment: [\"A=${RECYCLIC_UNSET_A:-x}\"]",
        "environment: [\"A=${RECYCLIC_UNSET_A:+x}\"]",
        "environment: [\"A=${RECYCLIC_UNSET_A-}\"]",
        "environment: [\"A=$$RECYCLIC_UNSET_A $${RECYCLIC_UNSET_A}\"]",
        "environment: [\"A=${RECYCLIC_UNSET_A}\"]",
        "volumes: [\"data:/data\", \"/etc/hostname:/h:ro\"]",
        "volumes: [\"/no/such/directory:/d\", \"./data:/data\"]",
        "ports: [{ target: 2526, published: \"25\", app_protocol: smtp }]\nx-recyclic: { ports: { \"2526\": { mode: tcp, proxy-protocol: true } } }",
        "container_name: shop-web\nhostname: web",
        "links: [db]\nports: [\"127.0.0.1:80:80\", \"81:81\"]",
        "x-recyclic: { overlap: true, host: \"${RECYCLIC_UNSET_A:-shop.example}\", path: /api/v1 }\nports: [\"80:80\"]",
    ];

    [TestCaseSource(nameof(Mistakes))]
    public async Task A_mistake_is_named_with_its_place_and_its_mend(
        string lines,
        string what,
        string mend,
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        var problem = (await reading.ProblemsAsync(Service(lines), cancellationToken)).ShouldHaveSingleItem();
        problem.Place.ShouldStartWith(reading.File);
        problem.What.ShouldContain(what);
        problem.Mend.ShouldContain(mend);
    }

    [TestCaseSource(nameof(Fine))]
    public async Task What_is_right_is_accepted(string lines, CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var text = $"name: test\nservices:\n  {Service(lines).Replace("\n", "\n  ")}\nvolumes: {{ data: {{}} }}\n";
        (await reading.TextAsync(text, cancellationToken)).Services.ShouldHaveSingleItem().Name.ShouldBe("web");
    }

    [Test]
    public async Task A_release_service_without_health_check_is_asked_from_outside_or_has_to_stay_up(
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        (await reading.ServicesAsync("web:\n  image: web:${TAG}\n  ports: [\"80:8080\"]", cancellationToken))
            .Services[0]
            .Probe.ShouldBe(new OutsideProbe(ProbeKind.Http, 8080));
        (
            await reading.ServicesAsync(
                "web:\n  image: web:${TAG}\n  ports: [\"80:8080\"]\n  x-recyclic: { health: /up }",
                cancellationToken
            )
        )
            .Services[0]
            .Probe.ShouldBe(new OutsideProbe(ProbeKind.Health, 8080, "/up"));
        (await reading.ServicesAsync("web:\n  image: web:${TAG}\n  healthcheck: { interval: 5s }", cancellationToken))
            .Services[0]
            .HasHealthCheck.ShouldBeFalse("only its image may have one");
        (await reading.ServicesAsync("web:\n  image: web:${TAG}\n  x-recyclic: { settle: 1m30s }", cancellationToken))
            .Services[0]
            .Settle.ShouldBe(TimeSpan.FromSeconds(90));
        (await reading.ServicesAsync("web:\n  image: web:${TAG}\n  healthcheck: { disable: true }", cancellationToken))
            .Services[0]
            .Settle.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task A_fixed_address_is_left_out_and_said(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var app = await reading.ServicesAsync(
            Service("networks: { default: { ipv4_address: 10.9.8.7 } }"),
            cancellationToken
        );
        app.Warnings.ShouldHaveSingleItem().ShouldContain("web has a fixed address on default");
    }

    [Test]
    public async Task A_file_beside_the_compose_file_is_mounted_with_a_warning_and_goes_with_the_release_to_another_machines_engine(
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        using var remote = new Reading
        {
            EngineIsLocal = false,
            Variables = ImmutableDictionary<string, string>.Empty.Add("DOCKER_HOST", "ssh://nobody@host.example"),
        };
        foreach (var each in new[] { reading, remote })
            await File.WriteAllTextAsync(Path.Combine(each.Root, "app.json"), "{}", cancellationToken);
        var service = Service("volumes: [\"./app.json:/app.json:ro\", \"/etc/hostname:/h\"]");
        (await reading.ServicesAsync(service, cancellationToken))
            .Warnings.ShouldHaveSingleItem()
            .ShouldContain("app.json, which is not part of its image");
        (await remote.ServicesAsync(service, cancellationToken)).Warnings.ShouldBeEmpty();
        await File.WriteAllBytesAsync(
            Path.Combine(remote.Root, "app.json"),
            new byte[70 * 1024 * 1024],
            cancellationToken
        );
        (await remote.ProblemsAsync(service, cancellationToken))
            .ShouldHaveSingleItem()
            .What.ShouldBe(
                "the files that would go with the release have more than 64 MB; the largest is ./app.json with 70 MB"
            );
    }

    [Test]
    public async Task A_service_that_others_wait_for_to_complete_is_a_one_off_and_cannot_be_said_to_stay_up(
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        var service =
            Service("depends_on: { migrate: { condition: service_completed_successfully } }")
            + "\nmigrate:\n  image: web:${TAG}";
        (await reading.ServicesAsync(service, cancellationToken))
            .OneOffs.ShouldHaveSingleItem()
            .Name.ShouldBe("migrate");
        var problem = (
            await reading.ProblemsAsync(service + "\n  x-recyclic: { one-off: false, settle: 1s }", cancellationToken)
        ).ShouldHaveSingleItem();
        problem.Place.ShouldEndWith("services.migrate");
        problem.What.ShouldContain("waits for it to complete");
    }

    [TestCase("none")]
    [TestCase("0")]
    public async Task So_many_start_first_as_is_a_number(string count, CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var problem = (
            await reading.ProblemsAsync(Service($"x-recyclic: {{ starts-first: {count} }}"), cancellationToken)
        ).ShouldHaveSingleItem();
        problem.What.ShouldBe($"x-recyclic.starts-first '{count}' is not a number from 1");
    }

    [TestCase("migration: maybe", "x-recyclic.migration 'maybe' is unknown")]
    [TestCase("migration: expand, one-off: false", "x-recyclic.one-off is false, but it has x-recyclic.migration")]
    [TestCase("migration: contract", "it is a contract migration, which runs once the release is in use")]
    public async Task A_migration_says_whether_the_release_before_it_still_works(
        string setting,
        string said,
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        var service =
            Service("depends_on: { migrate: { condition: service_completed_successfully } }")
            + $"\nmigrate:\n  image: web:${{TAG}}\n  x-recyclic: {{ {setting} }}";
        var problem = (await reading.ProblemsAsync(service, cancellationToken))[0];
        problem.Place.ShouldEndWith("services.migrate");
        problem.What.ShouldContain(said);
    }

    private static TestCaseData Mistake(string name, string lines, string what, string mend) =>
        new TestCaseData(lines, what, mend).SetArgDisplayNames(name);

    private static string Service(string lines) =>
        "web:\n  image: web:${TAG}\n  healthcheck: { test: [\"CMD\", \"true\"] }\n  "
        + lines.Replace("\n", "\n  ")
        + "\ndb: { image: \"db:1\" }";
}
