using System.Runtime.InteropServices;
using Recyclic.Bench;
using Recyclic.Processes;

using var interrupt = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);

try
{
    return args switch
    {
        ["load", .. var rest] => await LoadCommand.RunAsync(Options.Parse(rest, LoadCommand.Known), interrupt.Token),
        ["compare", .. var rest] => await CompareCommand.RunAsync(
            Options.Parse(rest, CompareCommand.Known),
            new ProcessCommandRunner(),
            interrupt.Token
        ),
        ["figures", .. var rest] => await FiguresCommand.RunAsync(
            Options.Parse(rest, FiguresCommand.Known),
            new ProcessCommandRunner(),
            interrupt.Token
        ),
        ["startup", .. var rest] => await StartupCommand.RunAsync(
            Options.Parse(rest, StartupCommand.Known),
            new ProcessCommandRunner(),
            interrupt.Token
        ),
        _ => throw new UsageException("Which command?"),
    };
}
catch (UsageException exception)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine(LoadCommand.Usage);
    Console.Error.WriteLine(CompareCommand.Usage);
    Console.Error.WriteLine(FiguresCommand.Usage);
    Console.Error.WriteLine(StartupCommand.Usage);
    return 2;
}
catch (CommandFailedException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}

void Cancel(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupt.Cancel();
}
