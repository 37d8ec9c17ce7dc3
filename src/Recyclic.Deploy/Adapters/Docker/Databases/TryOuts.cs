using System.Collections.Immutable;
using System.Security.Cryptography;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Adapters.Docker.Databases;

/// <summary>
/// Servers in which a backup is restored to see whether that works: of the image that the real one runs, without a
/// network, with data of their own, removed in the end. One that outlived its maker is removed by the next.
/// </summary>
internal sealed class TryOuts(
    HostChanges changes,
    DockerCli docker,
    EngineClient client,
    AppRecords records,
    HostReader reader
)
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan RemovalDeadline = TimeSpan.FromMinutes(1);

    public async Task<ImmutableArray<T>> RunAsync<T>(
        DatabaseServer server,
        Func<string, ExpectedLabels, Task<ImmutableArray<T>>> use,
        CancellationToken cancellationToken
    )
    {
        var record =
            await records.FindAsync(server.App, cancellationToken)
            ?? throw new EngineException($"the records of {server.App} have gone");
        var expected = ExpectedLabels.Ours(record.Ownership, DatabaseCommands.Role);
        const string password = "POSTGRES_PASSWORD";
        var id = await changes.CreateTryOutAsync(
            DatabaseCommands.CreateTryOut(
                server.App,
                server.Image,
                server.User,
                password,
                record.Ownership.Mark(AppRecords.Nonce())
            ),
            ImmutableDictionary<string, string>.Empty.Add(password, RandomNumberGenerator.GetHexString(32)),
            cancellationToken
        );
        try
        {
            await changes.StartTryOutAsync(id, expected, cancellationToken);
            await ReadyAsync(id, server.User, expected, cancellationToken);
            return await use(id, expected);
        }
        finally
        {
            // Also when it was cancelled; where even that fails, the next backup does it.
            using var deadline = new CancellationTokenSource(RemovalDeadline);
            await changes.RemoveTryOutsAsync([id], expected, deadline.Token);
        }
    }

    /// <summary>Removes those that are left.</summary>
    public async Task ClearAsync(string app, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(app, cancellationToken) is not { } record)
            return;
        var left = (await reader.ListOwnAsync(app, cancellationToken))
            .Where(container =>
                EngineAnswers.Labels(container.Labels).GetValueOrDefault(Naming.RoleLabel) == DatabaseCommands.Role
            )
            .Select(container => container.ID)
            .ToList();
        if (left.Count > 0)
            await changes.RemoveTryOutsAsync(
                left,
                ExpectedLabels.Ours(record.Ownership, DatabaseCommands.Role),
                cancellationToken
            );
    }

    private async Task ReadyAsync(string id, string user, ExpectedLabels expected, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartDeadline);
        try
        {
            while (true)
            {
                await using var asked = await changes.StartInServerAsync(
                    id,
                    DatabaseCommands.IsReady(id, user),
                    expected,
                    limit.Token
                );
                if ((await asked.Ended.WaitAsync(limit.Token)).Succeeded)
                    return;
                if ((await client.FindContainerAsync(id, limit.Token))?.State?.Running != true)
                    throw await FailureAsync(id, "ended instead of starting", limit.Token);
                await Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw await FailureAsync(
                id,
                $"took no connections within {StartDeadline.TotalMinutes:0} min",
                cancellationToken
            );
        }
    }

    private async Task<StepFailedException> FailureAsync(string id, string what, CancellationToken cancellationToken)
    {
        var logs = await docker.ReadAsync(["logs", "--tail", "10", id], cancellationToken);
        return new StepFailedException(
            $"the server in which the backup was to be tried out {what}",
            [
                .. $"{logs.StandardOutput}\n{logs.StandardError}".Split(
                    '\n',
                    StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                ),
            ]
        );
    }
}
