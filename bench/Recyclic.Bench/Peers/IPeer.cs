using Recyclic.Processes;

namespace Recyclic.Bench;

/// <summary>One way to deploy the stack, as its user would call it. Everything it makes carries its own name.</summary>
internal interface IPeer
{
    /// <summary>As in the option <c>--peers</c>.</summary>
    string Name { get; }

    /// <summary>As in the table.</summary>
    string Title { get; }

    /// <summary>Makes the first version serve. Not measured.</summary>
    Task SetUpAsync(Work work, CancellationToken cancellationToken);

    /// <summary>Brings a version on. Measured from call to return.</summary>
    Task<CommandResult> DeployAsync(Work work, CancellationToken cancellationToken);

    /// <summary>Goes back to the version before. Measured from call to return.</summary>
    Task<CommandResult> RollbackAsync(Work work, CancellationToken cancellationToken);

    /// <summary>Removes everything, also what half a deploy left. Idempotent.</summary>
    Task TearDownAsync(CancellationToken cancellationToken);
}

/// <summary>What is to be deployed.</summary>
/// <param name="Tag">The version.</param>
/// <param name="StartDelay">How long each service takes to start.</param>
internal sealed record Work(string Tag, TimeSpan StartDelay);
