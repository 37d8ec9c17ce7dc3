using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd;

/// <summary>What all fixtures need, made sure of once, when the first asks: the engine, the images.</summary>
[SetUpFixture]
public sealed class Engine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);
    private static readonly Lazy<Task> Ready = new(PrepareAsync);

    /// <summary>Every fixture asks for it first.</summary>
    internal static Task ReadyAsync()
    {
        InTimeAttribute.OrIgnore();
        return Ready.Value;
    }

    [OneTimeTearDown]
    public async Task CleanAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await SharedStack.RemoveAsync();
        await Images.RemoveDerivedAsync(deadline.Token);
    }

    private static async Task PrepareAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        if (!(await DockerHere.TryAsync(["version"], deadline.Token)).Succeeded)
            (await Tool.RunAsync(new Dictionary<string, string>(), ["Setup"], deadline.Token)).ShouldExitWith(0);
        await Images.BuildBaseAsync(deadline.Token);
    }
}
