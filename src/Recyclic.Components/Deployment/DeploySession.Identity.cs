using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Backups;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;
using Recyclic.Processes;

namespace Recyclic.Components;

/// <summary>Which application the command of a session is about: the one place where its name comes from.</summary>
public sealed partial class DeploySession
{
    private ApplicationIdentity? _identity;
    private bool _agreesToOrigin;

    /// <summary>
    /// Which application this is, found out once: the name by compose, from the very files and variables of a deploy.
    /// </summary>
    /// <exception cref="ConfigurationException">Compose refuses the files or the name, in its own words.</exception>
    public async Task<ApplicationIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        if (_identity is not null)
            return _identity;
        var origin = IsReal
            ? OriginReader.ReadAsync(Files, _build.EnvironmentVariables, cancellationToken)
            : Task.FromResult<Origin?>(null);
        var given = _build.Deployment.Project ?? Environment.Spec.Project;
        var name = given is not null && Naming.IsValid(given) ? given : await ReadNameAsync(given, cancellationToken);
        if (!Naming.IsValid(name))
            throw new ConfigurationException(
                "--project",
                $"'{name}' cannot be an application's name",
                "Use 1 to 40 lower-case letters, digits, '-' and '_', beginning with a letter or digit."
            );
        return _identity = new ApplicationIdentity(name, Files, Environment.Spec.Name, _place.Address)
        {
            IsNamed = given is not null,
            Origin = await origin,
        };
    }

    /// <summary>
    /// What the parameters ask for, of the application that this is. The tag is that of <see cref="NameReleaseAsync"/>
    /// when <paramref name="defaultTag"/> is true and none was given.
    /// </summary>
    /// <exception cref="ConfigurationException">No tag was given and there is no commit to take it from; or there is no
    /// such application.</exception>
    public async Task<DeployRequest> RequestAsync(bool defaultTag, CancellationToken cancellationToken)
    {
        var environment = Environment.Spec;
        var identity = await IdentifyAsync(cancellationToken);
        var tag = _build.Deployment.Tag ?? (defaultTag ? await NameReleaseAsync(cancellationToken) : null);
        var options = DeployExtras.Of(_build, _build.OptionsOf(environment), defaultTag, Reporter.Note, Reporter.Warn);
        if (defaultTag)
            options = await BackupBeforeDeploy.AddToAsync(options, _build, this, cancellationToken);
        return new DeployRequest(
            Files[0],
            _build.Deployment.Project ?? environment.Project,
            tag,
            _build.RegistryOf(environment),
            Machine.Person,
            _build.Deployment.Wait,
            options
        )
        {
            CommandOptions = ComposeParameters.ToText(_build),
            Identity = identity,
            RequiresHealthChecks = environment.RequireHealthChecks,
            Replaces = _build.Deployment.Replace,
            Adopts = AdoptionAnswer(),
            AgreesToOrigin = _build.Deployment.Yes || _agreesToOrigin,
            Admission = new AdmissionRule(environment.Name, environment.NeedsApproval)
            {
                Closed = Gates.WindowGate.ClosedAt(environment, Time.GetUtcNow()),
            },
        };
    }

    /// <summary>
    /// How a first deploy that finds the application running under plain compose comes to know whether it may take over:
    /// by `--adopt`, or by a person at a terminal, who is asked once; null: not at all.
    /// </summary>
    private Func<string, CancellationToken, Task<bool>>? AdoptionAnswer()
    {
        if (_build.Deployment.Adopt)
            return (_, _) => Task.FromResult(true);
        if (!HasTerminal)
            return null;
        var agreed = new HashSet<string>();
        return async (question, token) =>
        {
            if (agreed.Contains(question))
                return true;
            if (!await Machine.ConfirmAsync(question, token))
                throw new TargetFailedException("Not confirmed; nothing was changed.", 130);
            return agreed.Add(question);
        };
    }

    /// <summary>What an approval of a request's release is for.</summary>
    /// <exception cref="ConfigurationException">The files cannot be read.</exception>
    internal async Task<ReleaseSubject> SubjectAsync(DeployRequest request, CancellationToken cancellationToken)
    {
        var compose = _place.ReadWithoutSecretsAsync(request, cancellationToken);
        var commit = await Git.CommitOfAsync(_build.RootDirectory, request.Tag!.Value, cancellationToken);
        var origin = request.Identity?.Origin;
        return new ReleaseSubject(await compose, origin?.Repository ?? origin?.FirstCommit, commit?.Hash);
    }

    /// <inheritdoc cref="DeployPlace.LetInToApproveAsync"/>
    /// <param name="approves">Whether it may approve, or only see.</param>
    internal Task<string> LetInToApproveAsync(
        string app,
        string publicKey,
        bool approves,
        CancellationToken cancellationToken
    ) =>
        _place.LetInToApproveAsync(
            app,
            publicKey,
            approves ? Environment.Spec.Name : null,
            Environment.Spec.ApprovalLifetime,
            cancellationToken
        );

    /// <summary>
    /// Says which application is about to be changed, as the first line, and makes sure that it is the one that is
    /// meant: where it was deployed from elsewhere last time, a person is asked, or has agreed by <c>--yes</c>.
    /// </summary>
    /// <exception cref="ConfigurationException">It was deployed from elsewhere, and there is nobody to ask.</exception>
    /// <exception cref="TargetFailedException">The person said no.</exception>
    public async Task<ApplicationIdentity> BeginChangeAsync(CancellationToken cancellationToken)
    {
        var identity = await IdentifyAsync(cancellationToken);
        _build.WriteLine($"{identity}");
        if (identity.Files.Length > 1)
            _build.WriteLine(
                $"compose files: {string.Join(" + ", identity.Files.Select(file => PrintableText.Of(Path.GetRelativePath(_build.RootDirectory, file))))}"
            );
        try
        {
            _agreesToOrigin = await new IdentityGate(_build, this).PassAsync(identity, cancellationToken);
        }
        catch (EngineException)
        {
            await Platform.Host.ReadFactsAsync(cancellationToken);
            throw;
        }
        return identity;
    }

    /// <summary>
    /// The name of a release that nobody has named: HEAD of the compose file's own repository; else a hash of the
    /// file's content, where the file itself is the release or all that has the tag is built here.
    /// </summary>
    /// <exception cref="ConfigurationException">There is neither.</exception>
    private async Task<ReleaseTag> NameReleaseAsync(CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(Files[0])!;
        if (Directory.Exists(folder) && await Git.HeadTagAsync(folder, cancellationToken) is { } head)
            return head;
        var compose = await Platform.Files.ReadComposeAsync(
            Files[0],
            _build.Deployment.Project ?? Environment.Spec.Project,
            null,
            _build.RegistryOf(Environment.Spec),
            cancellationToken
        );
        return compose.Choice.IsFile || compose.IsBuiltHere
            ? ReleaseTag.Parse(ReleaseContent.Of(compose.Resolved, folder))
            : throw new ConfigurationException(
                "--tag",
                $"none was given, and {folder} is in no git repository whose commit could be the tag",
                "Give one: --tag <tag>."
            );
    }

    private async Task<string> ReadNameAsync(string? given, CancellationToken cancellationToken)
    {
        try
        {
            return await Platform.Files.ReadNameAsync(
                Files[0],
                given,
                _build.RegistryOf(Environment.Spec),
                cancellationToken
            );
        }
        catch (Exception exception)
            when (exception is ConfigurationException or CommandFailedException && File.Exists(Files[0]))
        {
            // What is wrong with the engine or with compose itself is said better by whoever asks for it.
            await Platform.Host.ReadFactsAsync(cancellationToken);
            throw;
        }
    }
}
