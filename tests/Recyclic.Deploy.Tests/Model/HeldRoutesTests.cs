namespace Recyclic.Deploy.Tests.Model;

internal sealed class HeldRoutesTests
{
    [Test]
    public void Where_services_share_a_port_each_waits_for_its_own_requests_alone() =>
        HeldRoutes
            .OfRequests([
                Http("web", null, null),
                Http("api", null, "/api"),
                Http("api", null, "/api"),
                Http("shop", "Shop.Example", null),
            ])
            .ShouldBe(
                """
                    http-request set-var(txn.service) str(shop) if !{ var(txn.service) -m found } { req.hdr(host),field(1,:),lower -m str shop.example }
                    http-request set-var(txn.service) str(api) if !{ var(txn.service) -m found } { path /api }
                    http-request set-var(txn.service) str(api) if !{ var(txn.service) -m found } { path_beg /api/ }
                    http-request set-var(txn.service) str(web) if !{ var(txn.service) -m found }
                    http-request lua.hold shop if { var(txn.service) -m str shop } { str(shop),map_str_int(/var/lib/recyclic/hold.map,0) gt 0 }
                    http-request lua.hold api if { var(txn.service) -m str api } { str(api),map_str_int(/var/lib/recyclic/hold.map,0) gt 0 }
                    http-request lua.hold web if { var(txn.service) -m str web } { str(web),map_str_int(/var/lib/recyclic/hold.map,0) gt 0 }

                """
            );

    private static Route Http(string service, string? host, string? path) =>
        new(service, 8000, 80, null, RouteMode.Http, host, path, 1);
}
