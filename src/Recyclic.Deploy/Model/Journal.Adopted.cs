using System.Collections.Immutable;

namespace Recyclic.Deploy.Model;

public sealed partial record Journal
{
    /// <summary>
    /// What ran under plain compose before the first release that stayed, and was stopped for it; empty: nothing did, or
    /// nothing is deployed.
    /// </summary>
    public ImmutableArray<AdoptedContainer> Adopted =>
        Current is null
            ? []
            :
            [
                .. Records.LastOrDefault(record => record is { Kind: JournalKind.Begin, Adopted.Length: > 0 })?.Adopted
                    ?? [],
            ];
}
