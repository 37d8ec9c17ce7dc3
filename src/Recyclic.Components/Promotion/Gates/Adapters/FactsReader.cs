using System.Collections.Immutable;
using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Backups.Adapters;
using Recyclic.Components.Environments;
using Recyclic.Components.GitHub;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Gates.Adapters;

/// <summary>
/// Gathers what gates judge by: from the environment before, from git, from files, and from GitHub where there is a
/// token.
/// </summary>
/// <param name="door">By what an environment is reached instead of its engine; null: by nothing.</param>
internal sealed class FactsReader(
    IHazDeployment build,
    DeploySession session,
    Func<EffectiveEnvironment, ApprovalAccess?> door
)
{
    public async Task<GateFacts> ReadAsync(
        Release release,
        string? approver,
        string? hotfix,
        CancellationToken cancellationToken
    )
    {
        var environment = session.Environment.Spec;
        var root = build.RootDirectory;
        var commit = await Git.CommitOfAsync(root, release.Tag, cancellationToken);
        var app = (await session.IdentifyAsync(cancellationToken)).App;
        var state = await session.Lock.PeekAsync(app, cancellationToken);
        var news = await NewCommits.FindAsync(
            root,
            release.Tag,
            commit?.Hash,
            state.Journal,
            environment.Gates.OfType<ApproverGate>().FirstOrDefault()?.CountsFrom,
            cancellationToken
        );
        var hands = await HandsReader.ReadAsync(root, news, cancellationToken);
        var (source, problem) = await ReadSourceAsync(environment.PromotesFrom, cancellationToken);
        var facts = new GateFacts(environment, session.Time.GetUtcNow(), release.Tag, release.DigestSet)
        {
            Generation = state.Generation,
            Source = source,
            SourceProblem = problem,
            Authors = hands.Names,
            PeopleProblem = hands.Problem,
            Approver = approver,
            Hotfix = hotfix,
            HotfixProblem =
                hotfix is not null && environment.HotfixBranch is { } branch
                    ? await WhyNotOnAsync(root, commit?.Hash, release.Tag, branch, cancellationToken)
                    : null,
            ChangelogHeadings = environment.Gates.OfType<ChangelogGate>().FirstOrDefault() is { } changelog
                ? ReadHeadings(root / changelog.File)
                : null,
            NewestBackup = environment.Gates.OfType<BackupGate>().FirstOrDefault() is { } backup
                ? NewestOf(root / backup.Files, app, environment.Name)
                : null,
        };
        return await AskGitHubAsync(facts, news, cancellationToken);
    }

    private static async Task<string?> WhyNotOnAsync(
        string root,
        string? commit,
        string tag,
        string branch,
        CancellationToken cancellationToken
    ) =>
        commit is null
            ? $"{tag} is no commit here, so whether it is on {branch} cannot be told"
            : await Git.IsOnBranchAsync(root, commit, branch, cancellationToken) switch
            {
                true => null,
                false => $"{tag} is not on {branch}: a hotfix comes from there alone",
                null => $"there is no branch {branch} here to find {tag} on",
            };

    private async Task<(Journal? Journal, string? Problem)> ReadSourceAsync(
        string? name,
        CancellationToken cancellationToken
    )
    {
        if (name is null)
            return (null, null);
        Journal? journal = null;
        try
        {
            await DeploySession.RunAsync(
                build,
                () => build.FindEnvironment(name),
                async source =>
                    journal = (
                        await source.Lock.PeekAsync(
                            (await source.IdentifyAsync(cancellationToken)).App,
                            cancellationToken
                        )
                    ).Journal,
                RegistryLogin.BeforePull,
                cancellationToken,
                door
            );
            return (journal, null);
        }
        catch (TargetFailedException exception)
        {
            return (null, exception.Message.Split('\n')[0]);
        }
    }

    private async Task<GateFacts> AskGitHubAsync(GateFacts facts, NewCommits news, CancellationToken cancellationToken)
    {
        var settings = GitHubSettings.From(build.EnvironmentVariables);
        if (!session.IsReal)
            return facts with { GitHubProblem = "nobody is asked in a test" };
        build.AddSecret(settings.Token);
        return await new GitHubFacts(settings, TimeProvider.System).ReadAsync(facts, news, cancellationToken);
    }

    private static ImmutableArray<string>? ReadHeadings(AbsolutePath file) =>
        file.FileExists()
            ? [.. File.ReadLines(file).Where(line => line.StartsWith('#')).Select(line => line.Trim()).Take(1000)]
            : null;

    /// <summary>
    /// Where <see cref="IBackup.Backup"/> has written its records, only those count that say that a restore was tried, of
    /// this application in this environment; elsewhere the files themselves are all there is to go by.
    /// </summary>
    internal static DateTimeOffset? NewestOf(AbsolutePath files, string app, string environment)
    {
        if (new BackupFolder(files).List() is { IsEmpty: false } records)
            return records
                .Where(record =>
                    record.CheckedAt is not null
                    && (record.App, record.Environment) == (app, environment)
                    && new FileInfo(files / record.Name).Length == record.Bytes
                )
                .Select(record => (DateTimeOffset?)record.At)
                .Max();
        var (directory, pattern) = Directory.Exists(files)
            ? (files.ToString(), "*")
            : (Path.GetDirectoryName(files)!, Path.GetFileName(files));
        return Directory.Exists(directory)
            ? new DirectoryInfo(directory)
                .EnumerateFiles(pattern)
                .Where(file => file.Length > 0)
                .Select(file => (DateTimeOffset?)file.LastWriteTimeUtc)
                .Max()
            : null;
    }
}
