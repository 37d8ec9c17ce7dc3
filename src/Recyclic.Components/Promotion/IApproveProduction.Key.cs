using Recyclic.Build;
using Recyclic.Components.Environments;
using Recyclic.Deploy.Model;

namespace Recyclic.Components;

// A key that can only approve: the job that has it has no engine.
public partial interface IApproveProduction
{
    /// <summary>
    /// Where to approve with a key that can do nothing else, `ssh://user@host`; null: as the environment says,
    /// <see cref="DeployEnvironment.ApprovalHost"/>.
    /// </summary>
    [Parameter(
        "Approve with a key that can do nothing else, at ssh://user@host; default: the environment's, or its engine"
    )]
    string? ApprovalHost => TryGetValue(() => ApprovalHost);

    /// <summary>A secret: the text of that private key, not a path. Null: what ssh finds by itself.</summary>
    [Parameter("Private key that can only approve; default: what ssh finds by itself"), Secret]
    string? ApprovalSshKey => TryGetValue(() => ApprovalSshKey);

    /// <summary>The file of the public key that <see cref="ApprovalKey"/> lets in; null: it is refused.</summary>
    [Parameter("File of the public key that ApprovalKey lets in")]
    AbsolutePath? PublicKey => TryGetValue(() => PublicKey);

    /// <summary>
    /// Prints the line of `authorized_keys` by which a key can see on an environment's host what approving goes by, and,
    /// where releases need an approval, append one; and makes there what that needs. It changes no `authorized_keys`.
    /// </summary>
    Target ApprovalKey =>
        _ =>
            _.Description("Prints the line of authorized_keys for a key that can approve on a host and nothing else")
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        () => this.FindEnvironment(Deployment.Environment ?? ProductionName),
                        session => LetInAsync(session, cancellationToken),
                        cancellationToken
                    )
                );

    private async Task LetInAsync(DeploySession session, CancellationToken cancellationToken)
    {
        var environment = session.Environment.Spec;
        if (PublicKey is not { } file || !file.FileExists())
            throw new ConfigurationException(
                "--public-key",
                PublicKey is null ? "no file was named" : $"there is no file {PrintableText.Of(PublicKey)}",
                "Make a key for approvals alone: ssh-keygen -t ed25519 -N '' -C approve -f approve; and give approve.pub."
            );
        if (DryRun)
        {
            WriteLine("This was a dry run: nothing was made on the host, and so there is no line yet.");
            return;
        }
        var line = await session.LetInToApproveAsync(
            (await session.IdentifyAsync(cancellationToken)).App,
            await File.ReadAllTextAsync(file, cancellationToken),
            environment.NeedsApproval,
            cancellationToken
        );
        WriteLine($"# One line of ~/.ssh/authorized_keys of a user of {environment.Name}'s host who may use docker:");
        WriteLine(line);
    }
}
