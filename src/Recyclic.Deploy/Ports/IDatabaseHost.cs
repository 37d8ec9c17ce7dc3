using System.Collections.Immutable;
using Recyclic.Deploy.Backups;

namespace Recyclic.Deploy.Ports;

/// <summary>A running PostgreSQL server of an application.</summary>
/// <param name="Service">The accessory.</param>
/// <param name="Id">Its container's.</param>
/// <param name="Image">The image that the container is made of, by its ID.</param>
/// <param name="User">Who may do everything there.</param>
/// <param name="Database">The one that the server was made with.</param>
public sealed record DatabaseServer(string App, string Service, string Id, string Image, string User, string Database);

/// <summary>What a database of a name is by now.</summary>
public enum DatabaseState
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>It has nothing in it.</summary>
    Empty,

    /// <summary>There are tables, functions or the like in it.</summary>
    Used,
}

/// <summary>
/// Dumps and restores databases of the accessories. Its failures are <see cref="Running.StepFailedException"/>, with what
/// the server's programs said as evidence.
/// </summary>
public interface IDatabaseHost
{
    /// <summary>The server of a service.</summary>
    /// <exception cref="Model.ConfigurationException">It does not run, or is no PostgreSQL that can be asked.</exception>
    Task<DatabaseServer> FindAsync(string app, string service, CancellationToken cancellationToken);

    /// <summary>Writes a dump of a database, and says what it had at the very moment of the dump.</summary>
    Task<DumpFacts> DumpAsync(
        DatabaseServer server,
        string database,
        Stream destination,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Restores a dump where nobody sees it, in a server of its own that has no network and is removed afterwards.
    /// </summary>
    /// <param name="write">Writes the dump.</param>
    /// <returns>What the copy has.</returns>
    Task<ImmutableArray<TableDigest>> TryOutAsync(
        DatabaseServer server,
        DumpFacts facts,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    );

    /// <summary>Removes what a try-out left that has died.</summary>
    Task ClearTryOutsAsync(string app, CancellationToken cancellationToken);

    /// <summary>Looks into a database.</summary>
    Task<DatabaseState> LookAsync(DatabaseServer server, string database, CancellationToken cancellationToken);

    /// <summary>
    /// Restores a dump into a new database beside the one that it is to become, so that this one is not touched. When it
    /// fails, the new one is removed.
    /// </summary>
    /// <param name="beside">The new one's name.</param>
    /// <returns>What the copy has.</returns>
    Task<ImmutableArray<TableDigest>> RestoreBesideAsync(
        DatabaseServer server,
        string database,
        string beside,
        DumpFacts facts,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken
    );

    /// <summary>Removes a database that <see cref="RestoreBesideAsync"/> made.</summary>
    Task DropAsync(DatabaseServer server, string beside, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the restored database its name, and the one that had it another, both or neither. Sessions of that one are
    /// ended.
    /// </summary>
    /// <param name="kept">The name that it gets; null: there is none.</param>
    Task SwapAsync(
        DatabaseServer server,
        string database,
        string beside,
        string? kept,
        CancellationToken cancellationToken
    );
}
