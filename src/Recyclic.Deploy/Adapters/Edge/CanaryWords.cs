using System.Collections.Immutable;
using System.Text;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>A person's word as the agent carries it.</summary>
internal static class CanaryWords
{
    /// <summary>A request to the agent, of one line whatever a person is called.</summary>
    public static string Say(string deploy, CanaryOrder order) =>
        $"say {deploy} {order.Word} {Convert.ToBase64String(Encoding.UTF8.GetBytes(order.By))}";

    /// <summary>Has an agent in the edge leave it: that one needs no lock, and changes neither traffic nor journal.</summary>
    public static async Task SayAsync(DockerHost host, string app, string request, CancellationToken cancellationToken)
    {
        if (await host.Reader.FindEdgeAsync(app, cancellationToken) is not { IsRunning: true } edge)
            throw new EngineException($"the deploy of {app} could not be told: its edge does not run");
        var (session, why) = await AgentSession.StartAsync(
            "",
            host.Changes.StartAgent(["exec", "--interactive", edge.Id, "recyclic-agent"]),
            cancellationToken
        );
        if (session is null)
            throw new EngineException($"the deploy of {app} could not be told: {why}");
        await using (session)
            await session.AskAsync(request, cancellationToken);
    }

    /// <summary>The answer to `hear`; null: nothing was said, or nothing that this version knows.</summary>
    public static CanaryOrder? Parse(ImmutableArray<string> answer)
    {
        if (
            answer.IsEmpty
            || answer[0].Split(' ') is not [var word, var by]
            || !Enum.TryParse<CanaryWord>(word, out var known)
            || !Enum.IsDefined(known)
        )
            return null;
        var name = new byte[by.Length];
        return Convert.TryFromBase64String(by, name, out var length)
            ? new CanaryOrder(known, PrintableText.Of(Encoding.UTF8.GetString(name, 0, length), 200))
            : null;
    }
}
