namespace Recyclic.Build.Tests;

internal static class Program
{
    public static int Main() => SignalBuild.Run();
}
