using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Running;

namespace Recyclic.Deploy.Steps;

/// <summary>Obtains certificates from their authorities, which ask the edge whether the host names lead to it.</summary>
public sealed record ObtainCertificates(ImmutableArray<Renewal> Wanted) : DeployStep
{
    /// <summary>
    /// Whether a person or a timer asked for just this: then one that is missing afterwards is a failure, too. Default:
    /// false, the release comes up without it.
    /// </summary>
    public bool IsAsked { get; init; }

    /// <inheritdoc/>
    public override string Describe() =>
        string.Join(
            "; ",
            Wanted
                .GroupBy(one => (IsNew: one.Reason == RenewalReason.Missing, one.Certificate.Directory))
                .Select(group =>
                    $"{(group.Key.IsNew ? "obtain" : "renew")} the certificate{(group.Count() == 1 ? "" : "s")} for {List(group.Select(one => one.Certificate.Host))} from {new Uri(group.Key.Directory).Host}"
                )
        );
}

internal sealed class ObtainCertificatesHandler : StepHandler<ObtainCertificates>
{
    protected override async Task RunAsync(
        ObtainCertificates step,
        StepTools tools,
        RunningDeploy deploy,
        CancellationToken cancellationToken
    )
    {
        var failures = new List<AcmeFailure>();
        foreach (var account in step.Wanted.GroupBy(wanted => wanted.Certificate.Account))
        {
            var answers = await tools.Platform.Edge.ObtainCertificatesAsync(
                tools.Context.AppName,
                [.. account.Select(wanted => wanted.Certificate)],
                (thumbprint, token) =>
                    tools.Host.AnswerChallengesAsync(
                        thumbprint,
                        [.. account.Select(wanted => wanted.Certificate.Host)],
                        token
                    ),
                cancellationToken
            );
            foreach (var wanted in account)
                if (
                    await TakeAsync(
                        wanted,
                        answers.FirstOrDefault(one => one.Name == wanted.Certificate.Name),
                        tools,
                        cancellationToken
                    ) is
                    { } problem
                )
                    failures.Add(AcmeFailure.Of(wanted, problem, tools.Time.GetUtcNow(), step.IsAsked));
        }
        foreach (var warning in failures.Where(failure => !failure.IsFatal))
            tools.Reporter.Warn(warning.ToString());
        if (failures.Where(failure => failure.IsFatal).ToList() is { Count: > 0 } fatal)
            throw new StepFailedException(
                string.Join("; ", fatal.Select(failure => failure.What)),
                [.. fatal.SelectMany(failure => failure.Evidence)]
            )
            {
                Next = fatal[0].Mend,
            };
    }

    /// <returns>Why the edge does not have it; null: it has.</returns>
    private static async Task<AcmeProblem?> TakeAsync(
        Renewal wanted,
        AcmeAnswer? answer,
        StepTools tools,
        CancellationToken cancellationToken
    )
    {
        if (answer?.Chain is not { } chain)
            return answer?.Problem ?? AcmeProblem.NoAnswer;
        if (TlsCertificate.Obtained(wanted.Certificate, chain) is not { } state)
            return AcmeProblem.OtherHost;
        await tools.Host.AdoptCertificateAsync(state, wanted.Certificate.Account, cancellationToken);
        tools.Reporter.Note($"obtained the certificate for {state.Title}, {state.Until}");
        return null;
    }
}
