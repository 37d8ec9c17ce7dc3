using Recyclic.Sample;
using Recyclic.Sample.Frontend;

var early = EarlyStop.ExitAtOnce();
var release = Release.OfThisProcess("frontend");
var builder = WebRelease.CreateBuilder(args, release, port: 4444);
builder.Services.AddSingleton(_ => new ApiClient(Settings.Api()));
builder.Services.AddSingleton<Echo>();
builder.Services.AddHttpForwarder();

// Healthy means that the pair works: this frontend reaches an api. The api's own /health covers what is behind it.
builder.Services.AddHealth(release).AddCheck<ApiClient>("api", timeout: HealthEndpoint.Deadline);

var app = builder.Build();
app.UseReleaseHeaders(release);
app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15) });
app.MapGet("/version", () => new VersionAnswer(release.Service, release.Version));
app.MapHealth(release);
app.MapGet(
    "/",
    async (HttpContext context, ApiClient api) =>
        await Page.WriteAsync(context, release, await api.OverviewAsync(context.RequestAborted))
);
app.MapPost(
    "/items",
    async (HttpRequest request, HttpResponse response, ApiClient api, CancellationToken cancellationToken) =>
    {
        // The form of the page, for a browser without scripts. Read by hand: there is no session for an antiforgery
        // token to guard.
        var name = request.HasFormContentType
            ? (await request.ReadFormAsync(cancellationToken))["name"].ToString()
            : "";
        var error = await api.AddItemAsync(name, cancellationToken);
        response.Headers.Location = error is null ? "/" : "/?error=" + Uri.EscapeDataString(error);
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
);
app.Map("/ws", (HttpContext context, Echo echo) => echo.RunAsync(context));
app.MapApi(Settings.Api(), release);
app.Lifetime.ApplicationStarted.Register(early.Dispose);
await app.RunAsync();
