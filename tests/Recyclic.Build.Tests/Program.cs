using Recyclic.Build.Tests.Idiom;
using Recyclic.Build.Tests.Parameters;

namespace Recyclic.Build.Tests;

internal static class Program
{
    public static int Main(string[] arguments)
    {
        // What a build's own Main may do before its build begins.
        if (Environment.GetEnvironmentVariable("RECYCLIC_TEST_CONSOLE_FIRST") is not null)
            Console.CancelKeyPress += static (_, _) => { };
        return arguments.Contains(nameof(TerminalBuild.Ask)) ? TerminalBuild.Run()
            : arguments.Contains(nameof(LoadedBuild.Loaded)) ? LoadedBuild.Run()
            : arguments.Contains(nameof(LoadedBuild.WithSolution.LoadedWithSolution)) ? LoadedBuild.RunWithSolution()
            : SignalBuild.Run();
    }
}
