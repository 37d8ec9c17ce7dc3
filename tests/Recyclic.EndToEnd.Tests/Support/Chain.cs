namespace Recyclic.EndToEnd.Support;

/// <summary>The journal as one chain: a deploy begins only when the one before it has ended.</summary>
internal static class Chain
{
    public static void ShouldBeOne(IReadOnlyList<JournalLine> journal)
    {
        string? open = null;
        foreach (var line in journal)
        {
            if (line.Kind == "Begin")
            {
                open.ShouldBeNull($"{line.Deploy} began although {open} had not ended");
                open = line.Deploy;
            }
            line.Deploy.ShouldBe(
                open,
                $"{line.Kind} of {line.Deploy} at {line.At:O}, while {open ?? "no deploy"} was at work"
            );
            if (line.Kind == "End")
                open = null;
        }
    }

    public static void ShouldHaveEnded(IReadOnlyList<JournalLine> journal) => journal[^1].Kind.ShouldBe("End");
}
