using Recyclic.Build;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Reports;

/// <summary>Pure: compares what runs with what was recorded, image by image.</summary>
internal static class DigestProof
{
    /// <returns>One line that says that they agree; null: there is nothing to prove, since the rollback did not succeed
    /// or what runs could not be read.</returns>
    /// <exception cref="TargetFailedException">They do not: exit code 3, a person is needed.</exception>
    public static string? Of(DeployOutcome outcome)
    {
        if (outcome is not { Outcome: Outcome.Success, After: { } now })
            return null;
        var release = outcome.Plan.To;
        var slot = now[now.Current!.Slot];
        var wrong = slot
            .Containers.Where(container =>
                release.Images.GetValueOrDefault(container.Service)?.Digest is { } wanted && wanted != container.Image
            )
            .Select(container =>
                $"{container.Name} runs {container.Image}, recorded is {release.Images[container.Service].Digest}"
            )
            .ToList();
        var missing = release
            .Images.Keys.Where(service => !slot.Of(service).Any(container => container.IsRunning || container.IsOneOff))
            .Select(service => $"{service} does not run")
            .ToList();
        if (now.Serving == now.Current.Slot && wrong.Count + missing.Count == 0)
            return $"proved: {slot.Containers.Count(container => !container.IsOneOff)} running containers of {slot.Slot.Name()} have the {release.Images.Count} digests recorded for {release.Tag}";
        throw new TargetFailedException(
            $"""
            the rollback to {release.Tag} cannot be proved
              cause   {string.Join("; ", [.. wrong, .. missing])}
              users   {(
                now.IsRouted ? $"traffic goes to {now.Serving?.Name() ?? "neither slot alone"}" : "nothing is published"
            )}
              next    a person is needed: ./build.sh Status
            """,
            3
        );
    }
}
