using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>What all fixtures need, made sure of once: the engine, the images.</summary>
[SetUpFixture]
public sealed class Engine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);

    [OneTimeSetUp]
    public async Task PrepareAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        if (!(await Docker.TryAsync(["version"], deadline.Token)).Succeeded)
            (await Tool.RunAsync(new Dictionary<string, string>(), ["Setup"], deadline.Token)).ShouldExitWith(0);
        await Images.BuildBaseAsync(deadline.Token);
    }

    [OneTimeTearDown]
    public async Task CleanAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await Images.RemoveDerivedAsync(deadline.Token);
    }
}
