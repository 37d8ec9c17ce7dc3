using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// The one hand that changes a Docker host: what is not here is not done to it. An object is named by its ID, and has
/// the labels that are expected, or it is left as it is; the application's lock is asked right before each change.
/// Compose starts the services of a file, as a change like any other. What comes before there is a lock says so.
/// </summary>
internal sealed partial class HostChanges(DockerCli docker, IHostObjects objects, EngineClient engine)
{
    private static readonly TimeSpan PullDeadline = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task>> _locks = new();

    /// <summary>From now on the application may be changed, as long as its lock says so.</summary>
    /// <param name="ask">Returns when the lock is held, and throws when it is not.</param>
    /// <returns>Disposed when the lock is given up.</returns>
    public IDisposable Under(string app, Func<CancellationToken, Task> ask)
    {
        _locks[app] = ask;
        return new Hold(() => _locks.TryRemove(KeyValuePair.Create(app, ask)));
    }

    /// <summary>
    /// Has compose create and start services of a model; with <paramref name="start"/> false only create them.
    /// </summary>
    /// <param name="app">Whose model it is.</param>
    public async Task ComposeUpAsync(
        Application app,
        JsonObject model,
        string project,
        IEnumerable<string> services,
        bool start,
        bool dependencies,
        CancellationToken cancellationToken
    ) =>
        (
            await RunAsync(
                app.Name,
                Command.Of("docker", DockerCommands.ComposeUp(project, services, start, dependencies)) with
                {
                    StandardInput = model.ToJsonString(),
                    Environment = app.Variables,
                    Timeout = DockerCli.ChangeDeadline,
                },
                cancellationToken
            )
        ).EnsureSuccess();

    /// <summary>
    /// Removes an image's name, and the image with its last one; the engine keeps what a container is made of. It has
    /// no owner: which images others need is the plan's affair.
    /// </summary>
    /// <exception cref="EngineException">No application's lock is held.</exception>
    public async Task<CommandResult> RemoveImageAsync(string reference, CancellationToken cancellationToken)
    {
        foreach (var app in _locks.Keys.DefaultIfEmpty("the host"))
            await AskLockAsync(app, cancellationToken);
        return await docker.ChangeAsync(Plain(DockerCommands.RemoveImage(reference)), cancellationToken);
    }

    /// <summary>
    /// Removes an image that locks and edges are made of, once the host has no application any more and so no lock. The
    /// engine keeps what a container is made of.
    /// </summary>
    public Task<CommandResult> RemoveOwnImageAsync(string reference, CancellationToken cancellationToken) =>
        docker.ChangeAsync(Plain(DockerCommands.RemoveImage(reference)), cancellationToken);

    /// <summary>Gets an image, before there is a lock: it is in nobody's way.</summary>
    public Task<CommandResult> PullAsync(string reference, CancellationToken cancellationToken) =>
        docker.ChangeAsync(Plain(["pull", "--quiet", reference]) with { Timeout = PullDeadline }, cancellationToken);

    /// <summary>Builds the edge's image, or brings it, before there is a lock: the lock itself runs in it.</summary>
    /// <param name="where">Variables that name another engine; null: the host's.</param>
    public Task<CommandResult> MakeImageAsync(
        IEnumerable<string> arguments,
        ImmutableDictionary<string, string>? where,
        TimeSpan deadline,
        CancellationToken cancellationToken
    ) =>
        docker.ChangeAsync(
            Plain(arguments) with
            {
                Environment = where ?? ImmutableDictionary<string, string>.Empty,
                Timeout = deadline,
            },
            cancellationToken
        );

    /// <summary>Those of some objects that are there. One that is somebody else's stops the change.</summary>
    private static async Task<IReadOnlyCollection<string>> ThoseThereAsync(
        Func<string, CancellationToken, Task<HostObject?>> find,
        IEnumerable<string> ids,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        var there = new List<string>();
        foreach (var id in ids)
        {
            if (await find(id, cancellationToken) is not { } found)
                continue;
            if (!expected.AreThoseOf(found))
                throw new EngineException($"{found.AsStranger()}, is left as it is: it is not {expected.What}");
            there.Add(id);
        }
        return there;
    }

    /// <summary>That all of some objects are there and are what they are expected to be.</summary>
    private static async Task CheckAsync(
        Func<string, CancellationToken, Task<HostObject?>> find,
        IReadOnlyCollection<string> ids,
        ExpectedLabels expected,
        CancellationToken cancellationToken
    )
    {
        var there = await ThoseThereAsync(find, ids, expected, cancellationToken);
        if (ids.Except(there).ToList() is { Count: > 0 } absent)
            throw new EngineException($"there is no {string.Join(", ", absent)}, which was to be changed");
    }

    /// <summary>The application's lock, right before a change.</summary>
    private Task AskLockAsync(string app, CancellationToken cancellationToken) =>
        _locks.TryGetValue(app, out var ask)
            ? ask(cancellationToken)
            : throw new EngineException($"{app} is not changed without its deploy lock");

    private async Task<CommandResult> RunAsync(string app, Command command, CancellationToken cancellationToken)
    {
        await AskLockAsync(app, cancellationToken);
        return await docker.ChangeAsync(command, cancellationToken);
    }

    private Task<CommandResult> RunAsync(
        string app,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    ) => RunAsync(app, Plain(arguments), cancellationToken);

    private static Command Plain(IEnumerable<string> arguments) =>
        Command.Of("docker", arguments) with
        {
            Timeout = DockerCli.ChangeDeadline,
        };

    private sealed class Hold(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
