using System.Collections.Immutable;

namespace Recyclic.Deploy.Smoke;

/// <summary>What a service answered.</summary>
/// <param name="Status">For example 200.</param>
/// <param name="Headers">Each as often as it was sent.</param>
/// <param name="Body">As text; of more than 256 kB, the beginning.</param>
/// <param name="Took">From the request, on a connection that was there, to the end of the answer.</param>
public sealed record HttpAnswer(
    int Status,
    ImmutableArray<KeyValuePair<string, string>> Headers,
    string Body,
    TimeSpan Took
);

/// <summary>What is asked of one container.</summary>
/// <param name="Method">For example `GET`.</param>
/// <param name="Path">With its query.</param>
/// <param name="Host">The header's value.</param>
/// <param name="Headers">The others.</param>
/// <param name="Body">Null: nothing is sent.</param>
public sealed record HttpQuestion(
    string Method,
    string Path,
    string Host,
    ImmutableArray<KeyValuePair<string, string>> Headers,
    string? Body
);

/// <summary>Where a release is asked, without anything of it being public for that.</summary>
/// <param name="ContainerId">A container of the release; or the gate of a published port, which hands on to the
/// edge.</param>
/// <param name="Port">In that container.</param>
public sealed record SmokePlace(string ContainerId, int Port)
{
    /// <summary>Whether it is a gate: the way that users' requests take.</summary>
    public bool IsGate { get; init; }

    /// <summary>Whether it is spoken to by TLS.</summary>
    public bool IsTls { get; init; }

    /// <summary>Whether it is spoken to by HTTP/2 without TLS.</summary>
    public bool Http2 { get; init; }

    /// <summary>Whether each connection begins with the address of its client, by the PROXY protocol.</summary>
    public bool ProxyProtocol { get; init; }
}
