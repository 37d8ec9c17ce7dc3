using NUnit.Framework;
using Recyclic.Certificates;
using Recyclic.Deploy.Model;
using Shouldly;

namespace Recyclic.Contract;

/// <summary>What TLS ends with.</summary>
internal abstract partial class PlatformContract
{
    [Test]
    public async Task A_certificate_is_there_as_long_as_a_configuration_names_it(CancellationToken cancellationToken)
    {
        await using var place = await OpenAsync("tls", cancellationToken);
        var app = await place.ReadAsync("v1", cancellationToken);
        var host = await place.HoldAsync(cancellationToken);
        var (first, renewed) = (Read(TestCertificate.For("shop.test")), Read(TestCertificate.For("shop.test")));
        await host.PutCertificateAsync(first, cancellationToken);
        await place.Platform.Accessories.ConnectAsync(app, [], cancellationToken);
        var ends = app with
        {
            Routes =
            [
                .. app.Routes.Select(route => route with { Mode = RouteMode.Http, Certificates = first.State.Name }),
            ],
        };
        await StartEdgeAsync(place, ends, host, cancellationToken);
        (await host.ReadAsync(cancellationToken)).Certificates.ShouldBe([first.State]);
        for (var time = 0; time < 2; time++)
            await host.PutCertificateAsync(renewed, cancellationToken);
        (await host.ReadAsync(cancellationToken)).Certificates.ShouldBe([renewed.State]);
        (await host.ReadAsync(cancellationToken)).Certificates.ShouldNotBe([first.State]);

        await host.ConfigureAsync(EdgeConfiguration.For(place.App, app.Routes, app.Routes), cancellationToken);
        (await host.ReadAsync(cancellationToken)).Certificates.ShouldBeEmpty("its key is of no use any more");
    }

    private static TlsCertificate Read(TestCertificate pair)
    {
        var source = new TlsSource(TlsSourceKind.File, "test.pem");
        return TlsCertificate.Read(
            "web",
            "0",
            (source, pair.Certificate),
            (source, pair.Key),
            (what, _) => Assert.Fail(what)
        )!;
    }
}
