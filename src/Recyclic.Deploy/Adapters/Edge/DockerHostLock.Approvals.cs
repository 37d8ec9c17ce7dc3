using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Edge;

// A key that can only approve takes the same lock, by the container that its line of authorized_keys starts.
public sealed partial class DockerHostLock
{
    /// <summary>
    /// The line of the host's `authorized_keys` that lets a key see what approving goes by, and append an approval, and
    /// nothing else. What it needs on the host is made there where it is missing: records and image.
    /// </summary>
    /// <param name="publicKey">The text of its file.</param>
    /// <param name="environment">The one that it approves for; null: it only sees.</param>
    /// <param name="lifetime">How long an approval may last at most.</param>
    /// <exception cref="ConfigurationException">That is no public key.</exception>
    public async Task<string> LetInToApproveAsync(
        string app,
        string publicKey,
        string? environment,
        TimeSpan lifetime,
        CancellationToken cancellationToken
    )
    {
        var key = ApprovalKeyLine.ReadPublicKey(publicKey);
        await _image.EnsureAsync(cancellationToken);
        var record = await _host.Records.EnsureAsync(app, cancellationToken);
        return new ApprovalKeyLine(record.Naming, record.Ownership, environment, lifetime).ToLine(
            key,
            AppRecords.Nonce()
        );
    }
}
