using Npgsql;
using Recyclic.Sample;
using Recyclic.Sample.Api;

var early = EarlyStop.ExitAtOnce();
var release = Release.OfThisProcess("api");
var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls("http://*:8000");
builder.Logging.ClearProviders().AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
// On SIGTERM the listener closes and idle connections end at once; a request that is open has this long to finish.
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, SampleJson.Default));
builder.Services.AddSingleton(release);
builder.Services.AddSingleton(_ => new NpgsqlSlimDataSourceBuilder(Settings.Postgres()).Build());
builder.Services.AddSingleton(_ => new RedisClient(Settings.RedisHost(), Settings.RedisPort()));
builder.Services.AddSingleton<ItemStore>();
builder.Services.AddHostedService<SchemaCreation>();

var app = builder.Build();
app.Use((context, next) =>
{
    context.Response.Headers["X-Version"] = release.Version;
    context.Response.Headers["X-Service"] = release.Service;
    return next(context);
});
app.MapGet("/version", () => new VersionAnswer(release.Service, release.Version));
app.MapGet("/health", async (ItemStore items, RedisClient redis, CancellationToken cancellationToken) =>
{
    var reason = release.FaultNow ?? await Health.ReasonAsync(
        TimeSpan.FromSeconds(1), cancellationToken, ("postgres", items.CheckAsync), ("redis", redis.PingAsync));
    return reason is null
        ? Results.Ok(new HealthAnswer(release.Service, release.Version, "healthy", null))
        : Results.Json(new HealthAnswer(release.Service, release.Version, "unhealthy", reason), SampleJson.Default.HealthAnswer, statusCode: 503);
});
app.MapGet("/slow", async (int ms, CancellationToken cancellationToken) =>
{
    var wait = Math.Clamp(ms, 0, 30_000);
    await Task.Delay(wait, cancellationToken);
    return new SlowAnswer(release.Service, release.Version, wait);
});
app.MapGet("/items", (ItemStore items, CancellationToken cancellationToken) => items.ListAsync(cancellationToken));
app.MapPost("/items", async (NewItem added, ItemStore items, CancellationToken cancellationToken) =>
    added.Name?.Trim() is { Length: > 0 and <= 200 } name
        ? Results.Json(await items.AddAsync(name, cancellationToken), SampleJson.Default.Item, statusCode: 201)
        : Results.Json(new ErrorAnswer("name must have 1 to 200 characters"), SampleJson.Default.ErrorAnswer, statusCode: 400));
app.Lifetime.ApplicationStarted.Register(early.Dispose);
await app.RunAsync();
