namespace Recyclic.Build.Planning;

/// <summary>How <c>--plan</c> shows a plan.</summary>
internal enum PlanFormat
{
    /// <summary>A numbered list; the default.</summary>
    Text,

    /// <summary>A flowchart that GitHub and most editors draw.</summary>
    Mermaid,

    /// <summary>One JSON document.</summary>
    Json,
}
