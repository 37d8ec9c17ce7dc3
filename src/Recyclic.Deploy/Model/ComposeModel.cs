using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Recyclic.Deploy.Model;

/// <summary>What `docker compose config` says of the team's files.</summary>
/// <param name="Resolved">The model with all variables filled in, of the profiles that are enabled.</param>
/// <param name="File">The first of the files.</param>
public sealed record ComposeModel(JsonObject Resolved, string File)
{
    /// <summary>The variable that has the release's tag where nobody names another.</summary>
    public const string DefaultTagVariable = "TAG";

    /// <summary>The variable that a deploy sets to the release's tag; default: `TAG`.</summary>
    public string TagVariable { get; init; } = DefaultTagVariable;

    /// <summary>Whether the team has said which variable that is, in the file or by the command line.</summary>
    public bool IsTagVariableGiven { get; init; }

    /// <summary>The services that get another image when the tag variable has another value.</summary>
    public ImmutableHashSet<string> TagUsers { get; init; } = [];

    /// <summary>By service: the variable that is its whole image, which the release sets to name and tag.</summary>
    public ImmutableSortedDictionary<string, string> ImageVariables { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>
    /// By service: the variable of its image where nothing names that image, so that it is taken to have the service's
    /// name.
    /// </summary>
    public ImmutableSortedDictionary<string, string> AssumedImages { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>
    /// The services that are built here and have their image's name from the release, since the file has none for it.
    /// </summary>
    public ImmutableHashSet<string> Named { get; init; } = [];

    /// <summary>
    /// Services of profiles that are not enabled whose image uses the tag variable, with these profiles; read only
    /// where no other service's does.
    /// </summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Hidden { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>`x-recyclic` by service, its variables filled in.</summary>
    public JsonObject Extensions { get; init; } = [];

    /// <summary>The services that the command line wants released, and no others; null: it does not say.</summary>
    public ImmutableArray<string>? Asked { get; init; }

    /// <summary>Names that compose replaced by a blank.</summary>
    public ImmutableArray<string> UnsetVariables { get; init; } = [];

    /// <summary>Whether a variable that is not set is a mistake; default: compose's own warning.</summary>
    public bool IsStrict { get; init; }

    /// <summary>By service: the targets of bind mounts whose source is not written as an absolute path.</summary>
    public ILookup<string, string> RelativeMounts { get; init; } = Array.Empty<string>().ToLookup(path => path);

    /// <summary>`secrets.token`, `configs.site`: those whose file is not written as an absolute path.</summary>
    internal ImmutableHashSet<string> RelativeFiles { get; init; } = [];

    /// <summary>The folder of the first file, in which its relative paths begin; empty: not known.</summary>
    internal string Folder { get; init; } = "";

    /// <summary>What services get of this machine's files, read.</summary>
    internal ReleaseFiles Files { get; init; } = ReleaseFiles.None;

    /// <summary>
    /// What the variables are set to that configs and secrets are the value of: compose asks for them again when it
    /// starts a service.
    /// </summary>
    internal ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What is where `x-recyclic.tls` says; it prints nothing of it.</summary>
    internal ImmutableDictionary<TlsSource, TlsText> TlsTexts { get; init; } =
        ImmutableDictionary<TlsSource, TlsText>.Empty;

    /// <summary>By service: what it mounts of this machine and what is not there.</summary>
    public ILookup<string, string> MissingFiles { get; init; } = Array.Empty<string>().ToLookup(path => path);

    /// <summary>
    /// Whether each release service whose image has the release's tag is built here, so that any tag will do.
    /// </summary>
    public bool IsBuiltHere =>
        Choice.Released.All(service =>
            Resolved["services"].At(service).At("build") is not null
            || !TagUsers.Contains(service) && !ImageVariables.ContainsKey(service)
        );

    /// <summary>What a release of these files consists of.</summary>
    public ReleaseChoice Choice => ReleaseChoice.Of(this);
}
