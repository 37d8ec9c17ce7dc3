using System.Text;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Reports;

/// <summary>Pure: what a deploy or rollback that went well says at its end.</summary>
public static class SuccessReport
{
    /// <param name="options">What the command needs besides the target to mean the same application, for example `
    /// --project shop`.</param>
    public static string Of(DeployOutcome outcome, string options = "")
    {
        var plan = outcome.Plan;
        var text = new StringBuilder();
        text.Append(
            $"{plan.BasedOn.App} {plan.To.Tag} is live on {plan.Slot.Name()} after {outcome.Took.TotalSeconds:0.0} s"
        );
        if (outcome.SwitchMs is { } ms)
            text.Append($"; switched {ms:0} ms after the last container was healthy");
        text.Append('\n');
        if (outcome.Requests is { Total: > 0 } requests)
            text.Append(
                $"  requests  {requests.Total} served meanwhile, {requests.Failed} failed (by the edge's log)\n"
            );
        if (outcome.Requests is { Held: > 0 } held)
            text.Append(
                FormattableString.Invariant(
                    $"  waited    {held.Held} of them, while what must not run twice was handed over; the longest {held.LongestHeldMs / 1000.0:0.0} s\n"
                )
            );
        if (plan.BasedOn.Current is { } before && !before.Release.Equals(plan.To))
            text.Append(
                plan.Operation == Operation.Deploy
                    ? $"  back      ./build.sh Rollback{options}   returns to {before.Release.Tag}"
                    : $"  forward   ./build.sh Rollback --tag {before.Release.Tag}{options}   returns to it"
            );
        return text.ToString().TrimEnd();
    }
}
