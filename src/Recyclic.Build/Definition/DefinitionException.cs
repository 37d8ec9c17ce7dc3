using System.Collections.Immutable;

namespace Recyclic.Build.Definition;

/// <summary>The build class itself is wrong; nothing can run.</summary>
internal sealed class DefinitionException(IEnumerable<string> mistakes) : Exception(string.Join("\n", mistakes))
{
    public DefinitionException(string mistake)
        : this([mistake]) { }

    public ImmutableArray<string> Mistakes { get; } = [.. mistakes];
}
