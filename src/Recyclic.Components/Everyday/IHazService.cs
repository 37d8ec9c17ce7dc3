using System.Collections.Immutable;
using Recyclic.Build;

namespace Recyclic.Components;

/// <summary>What everyday commands share: which services they are about.</summary>
public interface IHazService : IHazDeployment
{
    // Private, so that a build class may have a Service of its own.
    [Parameter(
        "Service or accessory that Logs, Ps and Exec are about; the first two take several",
        OneValueEach = true,
        Separator = ",",
        PrefixedOnly = true
    )]
    private string[]? Service => TryGetValue(() => Service);

    internal sealed ImmutableArray<string> AskedServices => [.. Service ?? []];
}

/// <summary>What commands that run something in a container share.</summary>
public interface IHazCommand : IHazService
{
    [Parameter(
        "Program and arguments for Exec, each as it stands; written behind all else: -- psql -c 'select 1'",
        Rest = true,
        PrefixedOnly = true
    )]
    private string[]? Command => TryGetValue(() => Command);

    internal sealed ImmutableArray<string> AskedCommand => [.. Command ?? []];
}
