namespace Recyclic.Build;

/// <summary>
/// A value from outside: command line, environment, <c>.nuke/parameters.&lt;profile&gt;.json</c>,
/// <c>.nuke/parameters.json</c>, or else the initializer. <c>DeployTimeout</c> is <c>--deploy-timeout</c> and
/// <c>DEPLOY_TIMEOUT</c>; a name of one word is read from the environment only with the prefix <c>RECYCLIC_</c>, or
/// when <see cref="EnvironmentVariable"/> says so. </summary>
/// <param name="description">One sentence for <c>--help</c>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ParameterAttribute(string? description = null) : Attribute
{
    /// <summary>One sentence for <c>--help</c>.</summary>
    public string? Description { get; } = description;

    /// <summary>The name in kebab-case; default: made from the member's name.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// What stands between the values of a list within one argument or variable; default: nothing, each argument is a
    /// value, and in a variable spaces.
    /// </summary>
    public string? Separator { get; set; }

    /// <summary>
    /// Whether each mention of a list's option takes one value, so that a target may follow it: <c>--file a --file
    /// b</c>; default: it takes all that follow.
    /// </summary>
    public bool OneValueEach { get; set; }

    /// <summary>
    /// Whether a list takes all that follows <c>--</c>, as it stands, when a target of its component is named before
    /// that: <c>Exec --service web -- ls -l</c>; default: false.
    /// </summary>
    public bool Rest { get; set; }

    /// <summary>
    /// Whether the environment is read with the prefix <c>RECYCLIC_</c> only, since the variable without it is another
    /// program's; default: false.
    /// </summary>
    public bool PrefixedOnly { get; set; }

    /// <summary>Whether <c>--help</c> and suggestions show it; default: true.</summary>
    public bool List { get; set; } = true;

    /// <summary>
    /// A further variable to read, by its exact name, after those made from the parameter's name; default: none.
    /// </summary>
    public string? EnvironmentVariable { get; set; }
}

/// <summary>
/// The parameter's value is printed as <c>***</c> wherever the host prints. It may also come from a file
/// (<c>--registry-password-file</c>, <c>REGISTRY_PASSWORD_FILE</c>) and from standard input (<c>--registry-password
/// -</c>). </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class SecretAttribute : Attribute;

/// <summary>
/// The parameter must have a value, whatever is to run. A terminal is asked for it; elsewhere nothing runs and the exit
/// code is 2.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class RequiredAttribute : Attribute;

/// <summary>
/// A <see cref="RequiredAttribute"/> on the same parameter counts only when a target that is to run requires it.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class OnDemandAttribute : Attribute;

/// <summary>
/// Begins the names of a component's parameters: with <c>Registry</c>, the member <c>Password</c> is
/// <c>--registry-password</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class ParameterPrefixAttribute(string prefix) : Attribute
{
    private const string Suffix = "Prefix";

    /// <summary>Without the ending <c>Prefix</c>, so that it may be the <c>nameof</c> of something called so.</summary>
    public string Prefix { get; } =
        prefix.EndsWith(Suffix, StringComparison.Ordinal) ? prefix[..^Suffix.Length] : prefix;
}

/// <summary>Where a parameter's value comes from.</summary>
public enum ParameterSource
{
    /// <summary>Nobody gave one: the initializer or the component decides.</summary>
    Default,

    /// <summary>An option: <c>--tag v1</c>.</summary>
    CommandLine,

    /// <summary>An environment variable.</summary>
    Environment,

    /// <c>.nuke/parameters.&lt;profile&gt;.json</c>.
    ProfileFile,

    /// <c>.nuke/parameters.json</c>.
    ParametersFile,

    /// <summary>Read from standard input: <c>--registry-password -</c>.</summary>
    StandardInput,

    /// <summary>Typed by a person who was asked.</summary>
    Prompt,
}
