using Recyclic.Components.Notifications;
using Recyclic.Deploy.Model;

namespace Recyclic.Components.Tests;

internal static class Notices
{
    /// <summary>
    /// What might break a message: quotes, markup of all channels, line ends, half a surrogate pair at a cut.
    /// </summary>
    public const string Nasty = "\"'<!channel> & `code` *bold* _it_\r\nforged: line\u2028\u0007 \\ {x} 🚀";

    public static DeployNotice Of(NoticeEvent what) =>
        new(what, Operation.Deploy, "shop", "production", "new5678", Outcomes.Start)
        {
            From = "old1234",
            By = "ann@laptop",
            Host = "web1",
            Seconds = 12.346,
            SwitchMs = 84,
            Requests = new RequestCount(1200, 3),
        };

    public static DeployNotice Full(NoticeEvent what) =>
        Of(what) with
        {
            Reason = "step 4 of 9, cut over: late",
            Undone = ["remove green", "stop green"],
            NotUndone = ["cut over: all traffic to blue: gone"],
            RunUrl = "https://ci.example/a?b=1&c=2",
            RollbackCommand = "./build.sh Rollback --tag old1234",
            RecoverCommand = "./build.sh Recover",
        };

    public static DeployNotice Awful(NoticeEvent what) =>
        Of(what) with
        {
            Tag = Nasty,
            Reason = Nasty + string.Concat(Enumerable.Repeat("🚀", 5_000)),
            From = new string('<', 10_000),
            By = Nasty,
            Host = new string('&', 10_000),
            Undone = [.. Enumerable.Repeat(Nasty, 100)],
        };
}
