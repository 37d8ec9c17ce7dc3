namespace Recyclic.Build.Tests.Parameters;

/// <summary>The build that the terminal tests start as a process of its own.</summary>
public class TerminalBuild : RecyclicBuild
{
    [Parameter("Which release")]
    public string? Tag { get; set; }

    [Parameter("Of the registry"), Secret]
    public string? Password { get; set; }

    public Target Ask =>
        _ =>
            _.Requires(() => Tag)
                .Requires(() => Password)
                .Executes(() => WriteLine($"tag={Tag} letters={Password?.Length}."));

    public static int Run() => Execute<TerminalBuild>(x => x.Ask);
}
