using Serilog;

namespace Recyclic.Build.Tests;

/// <summary>The build that the signal tests start as a process of its own.</summary>
public class SignalBuild : RecyclicBuild
{
    public Target Wait => _ => _.Executes(async cancellationToken =>
    {
        Log.Information("ready");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        finally
        {
            Log.Information("undone");
        }
    });

    public Target Stubborn => _ => _.Executes(async _ =>
    {
        Log.Information("ready");
        await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
    });

    public Target NeverReached => _ => _.DependsOn(Wait).Executes(() => Log.Information("reached"));

    public Target Clean => _ => _.After(NeverReached).AssuredAfterFailure().Executes(ct => Task.Run(() => Log.Information("cleaned"), ct));

    public static int Run() => Execute<SignalBuild>(x => x.Wait);
}
