using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;

namespace Recyclic.Components.Everyday;

/// <summary>Where an application's logs are, and what tells which of them are meant.</summary>
internal interface ILogPlace
{
    /// <summary>Whether somebody holds the deploy lock.</summary>
    Task<bool> IsAtWorkAsync(CancellationToken cancellationToken);

    /// <summary>What runs, and who serves.</summary>
    Task<Snapshot> LookAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="IHealthSource.ReadLogAsync(string, LogQuestion, CancellationToken)"/>
    IAsyncEnumerable<LoggedLine> ReadLogAsync(
        string containerId,
        LogQuestion question,
        CancellationToken cancellationToken
    );
}
