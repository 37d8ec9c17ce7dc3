using Recyclic.Build;

namespace Recyclic.Components;

/// <summary>What targets share that can look instead of act.</summary>
public interface ICanCheck : IRecyclicBuild
{
    /// <summary>Default: false, then the target acts.</summary>
    [Parameter(
        "With Workflows: write nothing, fail with the difference when a file is not as the build defines it. With Environments: also try what is needed, and fail when something is missing. With Status: fail when users are not served as recorded"
    )]
    bool Check => TryGetValue(() => Check);
}
