namespace Recyclic.Build;

/// <summary>
/// A value from outside: command line, environment, <c>.nuke/parameters.&lt;profile&gt;.json</c>, <c>.nuke/parameters.json</c>, or else
/// the initializer. <c>DeployTimeout</c> is <c>--deploy-timeout</c> and <c>DEPLOY_TIMEOUT</c>; a name of one word is read from the
/// environment only with the prefix <c>RECYCLIC_</c>.
/// </summary>
/// <param name="description">One sentence for <c>--help</c>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ParameterAttribute(string? description = null) : Attribute
{
    public string? Description { get; } = description;

    /// <summary>The name in kebab-case; default: made from the member's name.</summary>
    public string? Name { get; set; }
}

/// <summary>The parameter's value is printed as <c>***</c> wherever the host prints.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class SecretAttribute : Attribute;

/// <summary>Where a parameter's value comes from.</summary>
public enum ParameterSource
{
    /// <summary>Nobody gave one: the initializer or the component decides.</summary>
    Default,
    CommandLine,
    Environment,
    ProfileFile,
    ParametersFile,
}
