using System.Collections.Concurrent;

namespace Recyclic.Build.Definition;

/// <summary>The outputs of one build, by name: a property that asks again gets the same one.</summary>
/// <param name="handedOver">From an output's variable to the value that another process has set.</param>
internal sealed class OutputCatalog(Func<string, ExecutionStatus?> statusOf, Func<string, string?> handedOver)
{
    private readonly ConcurrentDictionary<string, TargetOutput> _byName = new();

    /// <exception cref="DefinitionException">Another member of that name has another type.</exception>
    public Output<T> Get<T>(string name) =>
        _byName.GetOrAdd(name, key => new Output<T>(key, statusOf, () => OutputText.HandedOver(key, handedOver)))
            is var output
        && output is Output<T> typed
            ? typed
            : throw new DefinitionException(
                $"the output {name} is one of {output.ValueType.Name} and one of {typeof(T).Name}: give one of them another name"
            );
}
