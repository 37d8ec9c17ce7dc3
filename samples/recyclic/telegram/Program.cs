using Recyclic.Sample;
using Recyclic.Sample.BotApi;

// An accessory has no version of a release, and nothing is wrong with it on purpose.
var early = EarlyStop.ExitAtOnce();
var release = new Release("telegram", "1", Fault.None, TimeProvider.System);
var builder = WebRelease.CreateBuilder(args, release, port: 8081);
builder.Services.AddSingleton(TimeProvider.System).AddSingleton<Chat>().AddHealth(release);
builder.Services.AddHostedService<Visitor>();
var app = builder.Build();
app.MapHealth(release);
app.MapBotApi();
app.Lifetime.ApplicationStarted.Register(early.Dispose);
await app.RunAsync();
