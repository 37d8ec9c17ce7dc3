using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Smoke;

namespace Recyclic.Deploy.Running;

/// <summary>
/// The requests of smoke tests: to each container of the service while it has no traffic, and to the gate of its port
/// afterwards. What was asked and answered is the evidence, without secrets and within bounds.
/// </summary>
internal sealed class SmokeRequests(StepTools tools, Slot slot, bool isFrontDoor) : SmokeAddress
{
    private const int MostLines = 20;
    private const int LongestLine = 200;

    /// <summary>Their values let whoever has them in.</summary>
    private static readonly string[] Hidden =
    [
        "set-cookie",
        "authorization",
        "www-authenticate",
        "proxy-authenticate",
        "location",
    ];

    public override string Tag => tools.Context.Release?.Tag ?? "";

    public override bool IsFrontDoor => isFrontDoor;

    /// <summary>What has been asked and not been answered yet; null: nothing.</summary>
    public string? Pending { get; private set; }

    /// <exception cref="StepFailedException">An answer is not what is expected, or there is none.</exception>
    public async Task TryAsync(HttpTest test, CancellationToken cancellationToken)
    {
        var target = TargetOf(test);
        foreach (var (place, name) in await PlacesAsync(target, cancellationToken))
        {
            var question = place.IsGate ? target.AtTheDoor(test, Tag) : target.Privately(test, Tag);
            var answer = await AskAsync(target, place, name, question, cancellationToken);
            if (test.Judge(answer, Tag) is { } why)
                throw new StepFailedException(
                    $"{name}: {await MaskedAsync(place, why, cancellationToken)}",
                    [
                        Shown(question, name),
                        .. (await MaskedAsync(place, Shown(answer), cancellationToken))
                            .Split('\n')
                            .Take(MostLines)
                            .Select(line => PrintableText.Of(line, LongestLine)),
                    ]
                )
                {
                    Service = target.Service,
                };
        }
    }

    public override async Task<HttpAnswer> AskAsync(
        string path,
        CancellationToken cancellationToken,
        Func<HttpTest, HttpTest>? with = null
    )
    {
        var test = (with ?? (each => each))(new HttpTest(path));
        var target = TargetOf(test);
        var (place, name) = (await PlacesAsync(target, cancellationToken))[0];
        return await AskAsync(
            target,
            place,
            name,
            place.IsGate ? target.AtTheDoor(test, Tag) : target.Privately(test, Tag),
            cancellationToken
        );
    }

    private SmokeTarget TargetOf(HttpTest test)
    {
        var (target, why) = SmokeTarget.Of(test, tools.App);
        return target ?? throw new StepFailedException(test.Problem ?? why!, []);
    }

    private async Task<HttpAnswer> AskAsync(
        SmokeTarget target,
        SmokePlace place,
        string name,
        HttpQuestion question,
        CancellationToken cancellationToken
    )
    {
        Pending = Shown(question, name);
        try
        {
            return await tools.Platform.Health.AskAsync(place, question, cancellationToken);
        }
        catch (StepFailedException failure)
        {
            throw new StepFailedException($"{name} {failure.Message}", [Pending, "no response"])
            {
                Service = target.Service,
            };
        }
        finally
        {
            // What was cut off by the deadline stays to be shown.
            if (!cancellationToken.IsCancellationRequested)
                Pending = null;
        }
    }

    private async Task<ImmutableArray<(SmokePlace Place, string Name)>> PlacesAsync(
        SmokeTarget target,
        CancellationToken cancellationToken
    )
    {
        var now = await tools.ObserveAsync(cancellationToken);
        if (isFrontDoor && target.Route is { } route)
        {
            var published = PortGate.Of(route);
            var gate =
                now.Gates.FirstOrDefault(gate => gate.Gate == published)
                ?? throw new StepFailedException($"nothing publishes {published}", []);
            return
            [
                (
                    new SmokePlace(gate.Id, published.Port) { IsGate = true, IsTls = route.Certificates is not null },
                    $"port {published}"
                ),
            ];
        }
        ImmutableArray<(SmokePlace, string)> containers =
        [
            .. now[slot]
                .Containers.Where(container => container.Service == target.Service && container.IsRunning)
                .Select(container => (target.PlaceIn(container), container.Name)),
        ];
        return containers.IsEmpty
            ? throw new StepFailedException($"no container of {target.Service} runs in {slot.Name()}", [])
            : containers;
    }

    private Task<string> MaskedAsync(SmokePlace place, string text, CancellationToken cancellationToken) =>
        tools.Platform.Health.MaskAsync(place.ContainerId, text, cancellationToken);

    private static string Shown(HttpQuestion question, string name) =>
        PrintableText.Of(
            $"request   {question.Method} {question.Path} to {name}, host {question.Host}{string.Concat(question.Headers.Select(header => ", " + header.Key))}",
            2 * LongestLine
        );

    private static string Shown(HttpAnswer answer) =>
        $"response  {answer.Status} in {answer.Took.TotalMilliseconds:0} ms\n"
        + string.Concat(
            answer.Headers.Select(header =>
                $"  {header.Key}: {(Hidden.Contains(header.Key.ToLowerInvariant()) ? "(not shown)" : header.Value)}\n"
            )
        )
        + string.Concat(answer.Body.Split('\n').Select(line => $"  | {line.TrimEnd('\r')}\n")).TrimEnd();
}
