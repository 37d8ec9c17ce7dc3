using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Workflows.Planning;
using Recyclic.Workflows.Yaml;

namespace Recyclic.Workflows;

/// <summary>
/// A CI system for which files are generated from the jobs of all workflows. Pure: it reads no file, and writes none.
/// </summary>
public interface ICiSystem
{
    /// <summary>What people call it; stands in front of its mistakes.</summary>
    string Name { get; }

    /// <summary>
    /// What the definitions say and this system cannot do, each with what to write instead: then no file is touched.
    /// Nothing is to be left out in silence.
    /// </summary>
    IEnumerable<string> Mistakes(ImmutableArray<JobGraph> workflows, BuildGraph graph);

    /// <summary>Its files; asked only when there is no mistake.</summary>
    /// <returns>Paths relative to the root of the repository, with slashes, and what is in them.</returns>
    IEnumerable<(string Path, YamlMap Document)> Files(ImmutableArray<JobGraph> workflows, BuildGraph graph);
}
