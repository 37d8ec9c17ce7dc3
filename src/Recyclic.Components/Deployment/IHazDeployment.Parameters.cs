using Recyclic.Build;
using Recyclic.Deploy.Model;

namespace Recyclic.Components;

// Private, so that a build class or a component of its own may call something Project or Environment. Whoever reads
// them takes Deployment.
public partial interface IHazDeployment
{
    [Parameter("Image tag of the release, by custom the commit's 7 hex digits; default: HEAD's")]
    private ReleaseTag? Tag => TryGetValue(() => Tag);

    [Parameter("Where to, by an environment's name; default: local")]
    private string? Environment => TryGetValue(() => Environment);

    [Parameter("Registry of the images, host[:port][/path]; default: the environment's, or the engine's own store")]
    private string? Registry => TryGetValue(() => Registry);

    [Parameter("User of the registry; default: the login that docker has")]
    private string? RegistryUser => TryGetValue(() => RegistryUser);

    [Parameter("Password or token of the registry"), Secret]
    private string? RegistryPassword => TryGetValue(() => RegistryPassword);

    [Parameter("Private key for hosts that are reached by ssh; default: what ssh finds by itself"), Secret]
    private string? DeploySshKey => TryGetValue(() => DeploySshKey);

    [Parameter("Lines of known_hosts for hosts that are reached by ssh; default: those that ssh knows")]
    private string? DeployKnownHosts => TryGetValue(() => DeployKnownHosts);

    [Parameter(
        "Compose file of the application, and again for each that is merged over it; default: as docker compose finds them",
        OneValueEach = true,
        PrefixedOnly = true
    )]
    private AbsolutePath[]? ComposeFile => TryGetValue(() => ComposeFile);

    [Parameter(
        "File of variables for the compose files instead of .env, and again for each further one",
        OneValueEach = true,
        PrefixedOnly = true
    )]
    private AbsolutePath[]? EnvFile => TryGetValue(() => EnvFile);

    [Parameter(
        "Profile of the compose files to enable, and again for each further one; default: COMPOSE_PROFILES",
        OneValueEach = true,
        Separator = ",",
        PrefixedOnly = true
    )]
    private string[]? ComposeProfile => TryGetValue(() => ComposeProfile);

    [Parameter(
        "Variable of the compose files that the release's tag goes into; default: their x-recyclic.tag-variable, or TAG"
    )]
    private string? TagVariable => TryGetValue(() => TagVariable);

    [Parameter(
        "Services to release, and no others; default: as the compose files say",
        Name = "release",
        OneValueEach = true,
        Separator = ",",
        PrefixedOnly = true
    )]
    private string[]? ReleasedServices => TryGetValue(() => ReleasedServices);

    [Parameter(
        "Image of a service whose image is one variable, without its tag: api=registry.example/team/api; again for each",
        Name = "image",
        OneValueEach = true,
        PrefixedOnly = true
    )]
    private string[]? ServiceImages => TryGetValue(() => ServiceImages);

    [Parameter("Refuse variables of the compose files that are not set, instead of saying which")]
    private bool StrictVariables => TryGetValue(() => StrictVariables);

    [Parameter("Name of the application; default: the compose file's own")]
    private string? Project => TryGetValue(() => Project);

    [Parameter(
        "How long a health gate waits; default: 120, or as long as the slowest health check allows a start to take"
    )]
    private TimeSpan? DeployTimeout => TryGetValue(() => DeployTimeout);

    [Parameter("At most this long between health probes; default: as the compose file says")]
    private TimeSpan? HealthCheckInterval => TryGetValue(() => HealthCheckInterval);

    [Parameter("How long open sessions may last after the cutover; default: 30")]
    private TimeSpan? DrainTimeout => TryGetValue(() => DrainTimeout);

    [Parameter(
        "A deploy is over when the new containers have been up this long and are healthy; 0: at the cutover; default: 2.5"
    )]
    private TimeSpan? Watch => TryGetValue(() => Watch);

    [Parameter(
        "Judge the new release for this long after the cutover, and go back by itself when it is worse; default: as the environment says, or 0: not"
    )]
    private TimeSpan? WatchFor => TryGetValue(() => WatchFor);

    [Parameter(
        "Shares of the visitors that a release has one after the other, in percent: 5,25,50,100; 100: all at once; default: as the environment says, or all at once",
        Separator = ",",
        PrefixedOnly = true
    )]
    private int[]? Canary => TryGetValue(() => Canary);

    [Parameter("How long each share of a canary is judged before the next one; default: 5m")]
    private TimeSpan? Bake => TryGetValue(() => Bake);

    [Parameter(
        "How much longer a share may last while it cannot be judged, or a person holds it; then everybody goes back; default: 1h"
    )]
    private TimeSpan? HoldLimit => TryGetValue(() => HoldLimit);

    [Parameter("Keep the previous release running, without traffic, until the next deploy or Retire")]
    private bool KeepWarm => TryGetValue(() => KeepWarm);

    [Parameter(
        "Keep the previous release running for this long after a deploy, for pages that were open before (x-recyclic: old-assets), then stop it; other deploys need not wait"
    )]
    private TimeSpan? KeepAssets => TryGetValue(() => KeepAssets);

    [Parameter("Run none of the release's smoke tests: why. It is recorded")]
    private string? SkipSmokeTests => TryGetValue(() => SkipSmokeTests);

    [Parameter(
        "Deploy although the host seems to have too little memory for two releases at a time, and go on where anything but the new release is killed for want of it"
    )]
    private bool AllowLowMemory => TryGetValue(() => AllowLowMemory);

    [Parameter("Queue behind a deploy that is at work instead of failing with exit code 4")]
    private bool Wait => TryGetValue(() => Wait);

    [Parameter("Name of the application that this deploy may replace whole: all its services, or all its ports")]
    private string? Replace => TryGetValue(() => Replace);

    [Parameter("Let a first deploy take over from what plain docker compose runs of the application already")]
    private bool Adopt => TryGetValue(() => Adopt);

    [Parameter("Do not ask for confirmation")]
    private bool Yes => TryGetValue(() => Yes);

    internal sealed DeploymentParameters GivenParameters =>
        new()
        {
            Tag = Tag,
            Environment = Environment,
            Registry = Registry,
            RegistryUser = RegistryUser,
            RegistryPassword = RegistryPassword,
            DeploySshKey = DeploySshKey,
            DeployKnownHosts = DeployKnownHosts,
            ComposeFile = ComposeFile,
            EnvFile = EnvFile,
            ComposeProfile = ComposeProfile,
            TagVariable = TagVariable,
            ReleasedServices = ReleasedServices,
            ServiceImages = ServiceImages,
            StrictVariables = StrictVariables,
            Project = Project,
            DeployTimeout = DeployTimeout,
            HealthCheckInterval = HealthCheckInterval,
            DrainTimeout = DrainTimeout,
            Watch = Watch,
            WatchFor = WatchFor,
            Canary = Canary,
            Bake = Bake,
            HoldLimit = HoldLimit,
            KeepWarm = KeepWarm,
            KeepAssets = KeepAssets,
            SkipSmokeTests = SkipSmokeTests,
            AllowLowMemory = AllowLowMemory,
            Wait = Wait,
            Replace = Replace,
            Adopt = Adopt,
            Yes = Yes,
        };
}
