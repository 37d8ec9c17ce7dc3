using System.Security.Cryptography;
using Recyclic.Build;
using Recyclic.Components.Adapters;
using Recyclic.Components.Environments;
using Recyclic.Components.Gates;
using Recyclic.Components.Gates.Adapters;
using Recyclic.Components.Promotion;
using Recyclic.Deploy.Model;
using Serilog;

namespace Recyclic.Components;

/// <summary>
/// Asks an environment's gates about a release, and records a person's approval on the environment's own host.
/// </summary>
public partial interface IApproveProduction : IHazDeployment
{
    /// <summary>Who approves; null: nobody. Refused in a run on GitHub, where it is who reviewed the run.</summary>
    [Parameter("Who approves; not in a run on GitHub: there it is who reviewed the run")]
    string? Approver => TryGetValue(() => Approver);

    /// <summary>Why gates that do not hold are passed over; null: they are not. Empty is refused.</summary>
    [Parameter("Approve although gates do not hold: why. It is recorded and announced")]
    string? Override => TryGetValue(() => Override);

    /// <summary>Why this takes the fast track; null: it does not. Empty is refused.</summary>
    [Parameter(
        "Take the fast track: why. The time in staging, the window and open issues are waived; recorded and announced"
    )]
    string? Hotfix => TryGetValue(() => Hotfix);

    /// <summary>
    /// The environment that is approved for when <c>--environment</c> names none that needs it; default: `production`.
    /// </summary>
    string ProductionName => "production";

    /// <summary>
    /// The digest of each service's image that was approved, as JSON; empty where images come from no registry.
    /// </summary>
    Output<string> ApprovedDigests => GetOutput<string>();

    /// <summary>
    /// Exits with 2 where a gate does not hold, and with 130 where the person at the terminal says no. Records nothing
    /// in both cases.
    /// </summary>
    Target ApproveProduction =>
        _ =>
            _.Description("Shows the gates' checklist for a release and records an approval of its exact images")
                .TryAfter<IPushImages>(build => build.PushImages)
                .TryAfter<IDeployStaging>(build => build.DeployStaging)
                .TryBefore<IAtomicDeploy>(build => build.AtomicDeploy)
                .Outputs(ApprovedDigests)
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        ApprovedEnvironment,
                        session => ApproveAsync(session, cancellationToken),
                        RegistryLogin.AtOnce,
                        cancellationToken,
                        effective => ApprovalAccess.Of(effective, ApprovalHost, ApprovalSshKey)
                    )
                );

    private DeployEnvironment ApprovedEnvironment()
    {
        CheckReason("--override", Override, nameof(Override));
        CheckReason("--hotfix", Hotfix, nameof(Hotfix));
        if (Approver is { } said && GitHub.GitHubSettings.From(EnvironmentVariables).IsRun)
            throw new ConfigurationException(
                "--approver",
                $"in a run on GitHub only GitHub names people, and {PrintableText.Of(said, 60)} was named by the command line",
                "Leave --approver out: who reviewed this run for the environment is the approver."
            );
        return Deployment.Environment is { } name && this.FindEnvironment(name) is { NeedsApproval: true } named
            ? named
            : this.FindEnvironment(ProductionName);
    }

    private void CheckReason(string option, string? reason, string member)
    {
        if (IsSpecified(member) && string.IsNullOrWhiteSpace(reason))
            throw new ConfigurationException(option, "there is no reason", $"Say why: {option} \"<why>\".");
    }

    private async Task ApproveAsync(DeploySession session, CancellationToken cancellationToken)
    {
        var environment = session.Environment.Spec;
        var app = (await session.BeginChangeAsync(cancellationToken)).App;
        var request = await session.RequestAsync(defaultTag: true, cancellationToken);
        var release = await session.FindReleaseAsync(request, HandedDigests.Of(this), cancellationToken);
        var facts = await new FactsReader(
            this,
            session,
            // What the command line names is the host that is approved for, not the one before it.
            effective => ApprovalAccess.Of(effective, null, ApprovalSshKey)
        ).ReadAsync(release, Approver, Hotfix, cancellationToken);
        var checklist = Checklist.Of(facts);
        if (Json)
            WriteDocument(ChecklistJson.Of(checklist));
        WriteLine(checklist.ToText());
        if (DryRun)
        {
            WriteLine(
                checklist.Holds || Override is not null
                    ? "This was a dry run: no approval was recorded."
                    : "This was a dry run: without --override the approval would be refused."
            );
            return;
        }
        var approval = checklist.Approve(Override);
        if (
            !Deployment.Yes
            && session.HasTerminal
            && !await Machine.ConfirmAsync(
                $"Approve {release.Tag} for {environment.Name} as {approval.Approver}?",
                cancellationToken
            )
        )
            throw new TargetFailedException("Not confirmed; nothing was recorded.", 130);
        approval = (await session.SubjectAsync(request, cancellationToken)).Bind(
            approval,
            RandomNumberGenerator.GetHexString(32, lowercase: true)
        );
        await using (var host = await session.Lock.TakeAsync(app, Machine.Person, null, cancellationToken))
            approval = await ApprovalRecord.AppendAsync(host, approval, facts, Machine.Person, cancellationToken);
        if (release.Images.Values.All(image => image.RegistryDigest is not null))
            ApprovedDigests.Set(
                HandedDigests.Write(
                    release.Images.Select(image =>
                        KeyValuePair.Create(image.Key, image.Value.RegistryDigest!.Split('@')[^1])
                    )
                )
            );
        if (approval.Override is { } reason)
            Log.Warning(
                "Gates were passed over by {Approver:l}: {Reason:l}",
                PrintableText.Of(approval.Approver),
                PrintableText.Of(reason)
            );
        WriteLine(
            $"{PrintableText.Of(approval.Approver)} approved {release.Tag} ({release.DigestSet}) for {environment.Name}, until {approval.ExpiresAt:yyyy-MM-dd HH:mm} UTC."
        );
        await DeployEnd.AnnounceAsync(this, session, approval, app);
        ReportSummary("Approved", $"{release.Tag} by {PrintableText.Of(approval.Approver, 200)}");
    }
}
