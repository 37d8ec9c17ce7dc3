using Recyclic.Deploy.Model;

namespace Recyclic.Components.Environments;

/// <summary>How a run gets in to an environment's host with a key that can only approve.</summary>
/// <param name="Host">An address of ssh's.</param>
/// <param name="Key">A secret: the text of the private key; null: what ssh finds by itself.</param>
internal sealed record ApprovalAccess(EngineAddress Host, string? Key)
{
    /// <summary>For an environment; null: it is approved for by its engine.</summary>
    /// <param name="said">What the command line names in place of the environment's own.</param>
    /// <exception cref="ConfigurationException">That is no address of ssh's.</exception>
    public static ApprovalAccess? Of(EffectiveEnvironment environment, string? said, string? key)
    {
        var host = said is null ? environment.ApprovalHost : EngineAddress.Parse(said.Trim());
        if (host is null)
            return null;
        return WhyNoDoor(host) is { } why
            ? throw new ConfigurationException(
                said is null ? $"environment {environment.Spec.Name}, ApprovalHost" : "--approval-host",
                why,
                "Write ssh://user@host[:port]."
            )
            : new ApprovalAccess(host, key is { Length: > 0 } ? key : null);
    }

    /// <summary>Why nobody is let in there to approve alone, or null.</summary>
    public static string? WhyNoDoor(EngineAddress host) =>
        host.WhyInvalid()
        ?? (host.Host?.StartsWith("ssh://", StringComparison.Ordinal) == true ? null : $"{host} is not reached by ssh");

    /// <summary>The host alone: a record's own text would have the key in it.</summary>
    public override string ToString() => $"{Host}";
}
