namespace Recyclic.Build;

/// <summary>A target: a property of this type on the build class, or on an interface it implements, is one.</summary>
public delegate ITargetDefinition Target(ITargetDefinition _);

/// <summary>What happens to the dependencies of a skipped target that no other target needs.</summary>
public enum DependencyBehavior
{
    /// <summary>They are skipped too; the default.</summary>
    Skip,

    /// <summary>They run all the same.</summary>
    Execute,
}

/// <summary>In which form the host prints.</summary>
public enum LogFormat
{
    /// <summary>For people; the default.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}

/// <summary>How much the host prints.</summary>
public enum Verbosity
{
    /// <summary>Everything, with stack traces.</summary>
    Verbose,

    /// <summary>Informational messages and worse; the default.</summary>
    Normal,

    /// <summary>Headings, the summary, warnings and errors.</summary>
    Minimal,

    /// <summary>Errors only.</summary>
    Quiet,
}
