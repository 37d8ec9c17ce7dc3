using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;

namespace Recyclic.Deploy.Steps;

/// <summary>
/// A verb of a deploy, as data; every one may be repeated. Each has the file of its name in this folder: the record
/// with its sentence and what takes it back, and below it the handler that carries it out.
/// </summary>
public abstract record DeployStep
{
    private protected DeployStep() { }

    /// <summary>Whether it decides which slot users get; default: no.</summary>
    public virtual bool MovesUsers => false;

    /// <summary>Whether ports that users have are without a listener for a moment; default: no.</summary>
    internal virtual bool HasGap => false;

    /// <summary>
    /// The step in the imperative, as plan and journal print it. Journals outlive versions: a sentence that is out
    /// there stays as it is.
    /// </summary>
    public abstract string Describe();

    /// <summary>What takes the step back, in this order; default: nothing has to.</summary>
    /// <param name="before">The host as it was when the plan was made.</param>
    internal virtual ImmutableArray<DeployStep> Undo(Snapshot before, DeployOptions options) => [];

    /// <inheritdoc/>
    public sealed override string ToString() => Describe();

    private protected static string List(IEnumerable<string> names) => string.Join(", ", names);

    private protected static string List(IEnumerable<PortGate> gates) => List(gates.Select(gate => gate.ToString()));

    private protected static string Time(TimeSpan time) =>
        time.TotalSeconds >= 120 ? $"{time.TotalMinutes:0.#} min" : $"{time.TotalSeconds:0.#} s";
}
