using Recyclic.Build;            // was: using Nuke.Common; using Nuke.Common.IO;
using Recyclic.Build.Tooling;    // was: using Nuke.Common.Tooling;
using Serilog;

class Build : RecyclicBuild      // was: NukeBuild
{
    [Parameter("Debug or Release")] readonly string Configuration = IsLocalBuild ? "Debug" : "Release";
    [Parameter("Where images go")] readonly string Registry = "localhost:5000";
    [Parameter, Secret] readonly string? RegistryPassword = null;
    [PathVariable("docker")] readonly Tool Docker = null!;

    AbsolutePath OutputDirectory => RootDirectory / "output";

    Target Clean => _ => _
        .Before(Compile)
        .Executes(() => OutputDirectory.CreateOrCleanDirectory());

    Target Compile => _ => _
        .Executes(() => ProcessTasks.StartProcess("dotnet", $"publish -c {Configuration} -o {OutputDirectory}", workingDirectory: RootDirectory).AssertZeroExitCode());

    Target Push => _ => _
        .DependsOn(Compile)
        .Requires(() => RegistryPassword)
        .OnlyWhenStatic(() => IsServerBuild)
        .Executes(() =>
        {
            Docker($"login {Registry} --username ci --password-stdin", standardInput: RegistryPassword);
            Docker($"push {Registry}/app:latest");
            Log.Information("pushed to {Registry}", Registry);
        });
}
