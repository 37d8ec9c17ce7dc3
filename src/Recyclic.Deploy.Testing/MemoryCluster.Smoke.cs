using Recyclic.Deploy.Smoke;

namespace Recyclic.Deploy.Testing;

/// <summary>What it answers to smoke tests.</summary>
internal sealed partial class MemoryCluster
{
    /// <summary>By an image's digest, a path and whether it has traffic; null: whether or not.</summary>
    public Dictionary<(string Image, string Path, bool? Serves), HttpAnswer> Answers { get; } = [];

    /// <summary>With what commands of smoke tests end, by an image's digest; default: 0.</summary>
    public Dictionary<string, int> CommandCodes { get; } = [];

    /// <summary>What smoke tests have asked, `GET /health of api.green` or `… by 8000`, in order.</summary>
    public List<string> Questions { get; } = [];

    /// <summary>As a container of the release does, or the release that has the traffic.</summary>
    public HttpAnswer Answer(SmokePlace place, HttpQuestion question)
    {
        lock (Gate)
        {
            var asked = place.IsGate ? BehindGate(place) : Find(place.ContainerId);
            if (asked is not { IsRunning: true })
                throw new Running.StepFailedException(asked is null ? "is gone" : $"is {asked.State}", []);
            Questions.Add(
                place.IsGate
                    ? $"{question.Method} {question.Path} by {place.Port}"
                    : $"{question.Method} {question.Path} of {asked.Service}.{asked.Label(Naming.SlotLabel)}"
            );
            return Answers.GetValueOrDefault((asked.Image, question.Path, place.IsGate))
                ?? Answers.GetValueOrDefault((asked.Image, question.Path, null))
                ?? new HttpAnswer(200, [], "", TimeSpan.FromMilliseconds(1));
        }
    }

    private Container? BehindGate(SmokePlace place)
    {
        if (!Gates.Exists(gate => gate.Id == place.ContainerId && gate.IsRunning) || Share is not { } share)
            return null;
        var slot = share == 0 ? Slot.Blue : Slot.Green;
        return Of(slot)
            .FirstOrDefault(container =>
                Route.FromLabel(container.Label(Naming.RoutesLabel)).Any(route => route.Published == place.Port)
            );
    }
}
