using Recyclic.Build.Tests.Parameters;

namespace Recyclic.Build.Tests;

internal static class Program
{
    public static int Main(string[] arguments) => arguments.Contains(nameof(TerminalBuild.Ask)) ? TerminalBuild.Run() : SignalBuild.Run();
}
