using Recyclic.Sample;
using Recyclic.Sample.Frontend;

var early = EarlyStop.ExitAtOnce();
var release = Release.OfThisProcess("frontend");
var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls("http://*:4444");
builder.Logging.ClearProviders().AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
// On SIGTERM the listener closes and idle connections end at once; a request that is open has this long to finish.
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, SampleJson.Default));
builder.Services.AddSingleton(release);
builder.Services.AddSingleton(_ => new ApiClient(Settings.Api()));
builder.Services.AddSingleton<ApiProxy>();
builder.Services.AddSingleton<Echo>();

var app = builder.Build();
app.Use((context, next) =>
{
    // An answer of the api keeps the api's own X-Version; the proxy adds ours beside it.
    context.Response.Headers["X-Version"] = release.Version;
    context.Response.Headers["X-Service"] = release.Service;
    return next(context);
});
app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15) });
app.MapGet("/version", () => new VersionAnswer(release.Service, release.Version));
app.MapGet("/health", async (ApiClient api, CancellationToken cancellationToken) =>
{
    // Healthy means that the pair works: this frontend reaches an api. The api's own /health covers what is behind it.
    var reason = release.FaultNow ?? await Health.ReasonAsync(TimeSpan.FromSeconds(1), cancellationToken, ("api", api.VersionAsync));
    return reason is null
        ? Results.Ok(new HealthAnswer(release.Service, release.Version, "healthy", null))
        : Results.Json(new HealthAnswer(release.Service, release.Version, "unhealthy", reason), SampleJson.Default.HealthAnswer, statusCode: 503);
});
app.MapGet("/", async (HttpContext context, ApiClient api) => await Page.WriteAsync(context, release, await api.OverviewAsync(context.RequestAborted)));
app.MapPost("/items", async (HttpRequest request, HttpResponse response, ApiClient api, CancellationToken cancellationToken) =>
{
    // The form of the page, for a browser without scripts. Read by hand: there is no session for an antiforgery token to guard.
    var name = request.HasFormContentType ? (await request.ReadFormAsync(cancellationToken))["name"].ToString() : "";
    var error = await api.AddItemAsync(name, cancellationToken);
    response.Headers.Location = error is null ? "/" : "/?error=" + Uri.EscapeDataString(error);
    return Results.StatusCode(StatusCodes.Status303SeeOther);
});
app.Map("/ws", (HttpContext context, Echo echo) => echo.RunAsync(context));
app.Map("/api/{**path}", (HttpContext context, ApiProxy proxy) => proxy.ForwardAsync(context));
app.Lifetime.ApplicationStarted.Register(early.Dispose);
await app.RunAsync();
