using System.Collections.Immutable;
using System.Reflection;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Compose.Tests;

/// <summary>An engine that answers what a test says. A call that nothing was said about is one that must not happen.</summary>
public class FakeEngine : DispatchProxy
{
    private readonly Dictionary<string, Func<object?[], object>> _answers = [];

    public static EngineFacts Facts { get; } = new("26.1", new Version(1, 45), "amd64", "linux", new Version(2, 26), true);

    /// <summary>An engine that reads this compose model and has these images.</summary>
    public static IEngine With(ComposeModel model, EngineFacts? facts = null, string pullError = "not found", params ImageFacts[] images)
    {
        var engine = Create<IEngine, FakeEngine>();
        var answers = ((FakeEngine)(object)engine)._answers;
        answers[nameof(IEngine.ReadComposeAsync)] = _ => Task.FromResult(model);
        answers[nameof(IEngine.ReadFactsAsync)] = _ => Task.FromResult(facts ?? Facts);
        answers[nameof(IEngine.InspectImagesAsync)] = given =>
            Task.FromResult(images.Where(image => ((IEnumerable<string>)given[0]!).Contains(image.Reference)).ToImmutableDictionary(image => image.Reference));
        answers[nameof(IEngine.PullAsync)] = _ => Task.FromResult<string?>(pullError);
        return engine;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _answers.TryGetValue(targetMethod!.Name, out var answer) ? answer(args!) : throw new AssertionException($"{targetMethod.Name} must not be called");
}
