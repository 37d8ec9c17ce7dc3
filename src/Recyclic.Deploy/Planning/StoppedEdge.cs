using Recyclic.Deploy.Model;
using Recyclic.Deploy.Steps;

namespace Recyclic.Deploy.Planning;

/// <summary>Pure: an edge that does not run, for commands that read no compose file.</summary>
internal static class StoppedEdge
{
    /// <summary>What makes it serve again.</summary>
    public static DeployStep BringBack(Snapshot now) =>
        now.Edge.Exists ? new ResumeEdge() : new PrepareEdge(EdgeChange.Create, PrepareEdge.AsItIs(now));
}
