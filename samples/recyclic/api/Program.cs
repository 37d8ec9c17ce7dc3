using Npgsql;
using Recyclic.Sample;
using Recyclic.Sample.Api;
using StackExchange.Redis;

var early = EarlyStop.ExitAtOnce();
var release = Release.OfThisProcess("api");
var builder = WebRelease.CreateBuilder(args, release, port: 8000);
builder.Services.AddSingleton(_ => new NpgsqlSlimDataSourceBuilder(Settings.Postgres()).Build());

// Connects in the background and again whenever it has to; meanwhile a command fails at once: an api whose Redis is
// away lists its items all the same.
var redis = ConfigurationOptions.Parse(Settings.Redis());
(redis.BacklogPolicy, redis.IncludeDetailInExceptions) = (BacklogPolicy.FailFast, false);
builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(redis));
builder.Services.AddSingleton<ItemStore>();
builder.Services.AddHostedService<SchemaCreation>();
builder
    .Services.AddHealth(release)
    .AddNpgSql(name: "postgres", timeout: HealthEndpoint.Deadline)
    .AddCheck<ItemStore>("items")
    .AddRedis(
        services => services.GetRequiredService<IConnectionMultiplexer>(),
        "redis",
        timeout: HealthEndpoint.Deadline
    );

var app = builder.Build();
app.UseReleaseHeaders(release);
app.MapHealth(release);
app.UseWhen(
    context => context.Request.Path != "/health" && release.FailsRequest,
    failing =>
        failing.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        })
);
app.MapGet("/version", () => new VersionAnswer(release.Service, release.Version));
app.MapGet(
    "/slow",
    async (int ms, CancellationToken cancellationToken) =>
    {
        var wait = Math.Clamp(ms, 0, 30_000);
        await Task.Delay(wait, cancellationToken);
        return new SlowAnswer(release.Service, release.Version, wait);
    }
);
app.MapGet("/items", (ItemStore items, CancellationToken cancellationToken) => items.ListAsync(cancellationToken));
app.MapPost(
    "/items",
    async (NewItem added, ItemStore items, CancellationToken cancellationToken) =>
        added.Name?.Trim() is { Length: > 0 and <= 200 } name
            ? Results.Json(await items.AddAsync(name, cancellationToken), SampleJson.Default.Item, statusCode: 201)
            : Results.Json(
                new ErrorAnswer("name must have 1 to 200 characters"),
                SampleJson.Default.ErrorAnswer,
                statusCode: 400
            )
);
app.Lifetime.ApplicationStarted.Register(early.Dispose);
await app.RunAsync();
