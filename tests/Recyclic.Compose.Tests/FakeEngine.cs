using System.Collections.Immutable;
using System.Reflection;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Compose.Tests;

/// <summary>
/// A platform that answers what a test says. A call that nothing was said about is one that must not happen.
/// </summary>
public class FakeEngine : DispatchProxy
{
    private readonly Dictionary<string, Func<object?[], object>> _answers = [];

    public static EngineFacts Facts { get; } =
        new("26.1", new Version(1, 45), "amd64", "linux", new Version(2, 26), true);

    /// <summary>One that reads this compose model and has these images.</summary>
    public static Platform With(
        ComposeModel model,
        EngineFacts? facts = null,
        string pullError = "not found",
        params ImageFacts[] images
    )
    {
        var engine = Create<IEveryRole, FakeEngine>();
        var answers = ((FakeEngine)(object)engine)._answers;
        answers[nameof(IComposeFiles.ReadComposeAsync)] = _ => Task.FromResult(model);
        answers[nameof(IHostObserver.ReadFactsAsync)] = _ => Task.FromResult(facts ?? Facts);
        answers[nameof(IImageStore.InspectImagesAsync)] = given =>
            Task.FromResult(
                images
                    .Where(image => ((IEnumerable<string>)given[0]!).Contains(image.Reference))
                    .ToImmutableDictionary(image => image.Reference)
            );
        answers[nameof(IImageStore.PullAsync)] = _ => Task.FromResult<string?>(pullError);
        return Platform.Of(engine, Create<IHostLock, FakeEngine>());
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _answers.TryGetValue(targetMethod!.Name, out var answer)
            ? answer(args!)
            : throw new AssertionException($"{targetMethod.Name} must not be called");

    /// <summary>A proxy implements one interface.</summary>
    public interface IEveryRole
        : IHostObserver,
            IComposeFiles,
            IImageStore,
            IReleaseHost,
            IHealthSource,
            IAccessoryHost,
            IEdgeHost;
}
