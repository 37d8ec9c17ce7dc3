using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Processes;
using Serilog;

/// <summary>What is asked of the code besides its tests.</summary>
partial class Build : IAudit
{
    AbsolutePath IAudit.AuditedSolution => RootDirectory / "Recyclic.sln";

    Target Format => _ => _
        .Description("Fails when the code is not formatted, or an analyzer has something to say")
        .Executes(async cancellationToken =>
        {
            var format = await CommandRunner.RunAsync(
                Command.Of("dotnet", "format", "Recyclic.sln", "--verify-no-changes") with
                {
                    WorkingDirectory = RootDirectory, Timeout = TimeSpan.FromMinutes(20), OnLine = line => Log.Information("{Line:l}", line),
                },
                cancellationToken);
            if (!format.Succeeded) throw new TargetFailedException("the code is not as dotnet format leaves it; the places are above\n  next    dotnet format Recyclic.sln");
        });
}
