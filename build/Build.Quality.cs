using Recyclic.Build;
using Recyclic.Components;
using Recyclic.Processes;
using Serilog;

/// <summary>What is asked of the code besides its tests.</summary>
partial class Build : IAudit
{
    AbsolutePath IAudit.AuditedSolution => RootDirectory / "Recyclic.sln";

    Target Format => _ => _
        .Description("Fails when the code is not as CSharpier leaves it, or an analyzer has something to say")
        .Executes(async cancellationToken =>
        {
            await DotNetAsync(["tool", "restore"], "the tools of .config/dotnet-tools.json cannot be brought", cancellationToken);
            await DotNetAsync(["csharpier", "check", "."], "the code is not as CSharpier leaves it; the places are above\n  next    dotnet csharpier format .", cancellationToken);
            foreach (var half in new[] { "style", "analyzers" })
                await DotNetAsync(["format", half, "Recyclic.sln", "--verify-no-changes"], $"`dotnet format {half}` would change the code; the places are above\n  next    dotnet format {half} Recyclic.sln", cancellationToken);
        });

    private async Task DotNetAsync(string[] arguments, string failure, CancellationToken cancellationToken)
    {
        var ran = await CommandRunner.RunAsync(
            Command.Of("dotnet", arguments) with
            {
                WorkingDirectory = RootDirectory,
                Timeout = TimeSpan.FromMinutes(20),
                OnLine = line => Log.Information("{Line:l}", line),
            },
            cancellationToken);
        if (!ran.Succeeded) throw new TargetFailedException(failure);
    }
}
