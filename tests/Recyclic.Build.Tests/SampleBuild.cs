using System.Globalization;
using Serilog;

namespace Recyclic.Build.Tests;

public enum Stage
{
    Local,
    Staging,
    ProductionEast,
}

/// <summary>A type with rules of its own, as an image tag has.</summary>
public sealed record Label(string Text) : IParsable<Label>
{
    public static Label Parse(string s, IFormatProvider? provider) =>
        s != "latest" ? new(s) : throw new FormatException("latest moves; name a fixed one");

    public static bool TryParse(string? s, IFormatProvider? provider, out Label result)
    {
        result = new(s ?? "");
        return s is not null and not "latest";
    }
}

public interface ISample : IRecyclicBuild
{
    [Parameter("Which release")]
    string? Tag => TryGetValue(() => Tag);

    [Parameter("How long a deploy may take")]
    TimeSpan DeployTimeout => TryGetValue<TimeSpan?>(() => DeployTimeout) ?? TimeSpan.FromSeconds(120);

    [Parameter("The registry's password"), Secret]
    string? RegistryPassword => TryGetValue(() => RegistryPassword);

    Target BuildImages =>
        _ =>
            _.Description(
                    "Builds the images of all release services, one after the other, and labels each of them with the tag"
                )
                .Executes(() => WriteLine("building"));

    Target PushImages => _ => _.DependsOn(BuildImages).Requires(() => Tag).Executes(() => WriteLine("pushing"));
}

/// <summary>A build with a parameter of every kind; <c>Show</c> prints them.</summary>
public class SampleBuild : RecyclicBuild, ISample
{
    [Parameter]
    private readonly string _unused = "";

    [Parameter("How many")]
    public int Count { get; set; } = 7;

    [Parameter]
    public double? Share { get; set; }

    [Parameter("Where to")]
    public Stage Stage { get; set; }

    [Parameter("Stay quiet about it")]
    public bool KeepWarm { get; set; }

    [Parameter]
    public string[] Names { get; set; } = [];

    [Parameter]
    public AbsolutePath? ComposeFile { get; set; }

    [Parameter]
    public Label? Label { get; }

    [Parameter]
    public TimeSpan? DrainTimeout { get; set; }

    public Target Show =>
        _ =>
            _.Executes(() =>
                WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"tag={((ISample)this).Tag} timeout={((ISample)this).DeployTimeout.TotalSeconds} count={Count} share={Share} stage={Stage} warm={KeepWarm} names={string.Join('|', Names)} file={ComposeFile} label={Label?.Text} drain={DrainTimeout?.TotalSeconds} unused={_unused}"
                    )
                )
            );

    public Target Sources =>
        _ => _.Executes(() => WriteLine($"{SourceOf(nameof(Count))} {IsSpecified(nameof(ISample.Tag))}"));

    public Target Leak =>
        _ =>
            _.Executes(() =>
            {
                Log.Information("password is {Password}", ((ISample)this).RegistryPassword);
                Log.Warning("again {Password}", ((ISample)this).RegistryPassword);
                ReportSummary("Password", ((ISample)this).RegistryPassword!);
                throw new InvalidOperationException($"cannot log in with {((ISample)this).RegistryPassword}");
            });

    public Target Document =>
        _ =>
            _.Executes(() =>
            {
                Log.Information("gathering");
                WriteLine("a line");
                WriteDocument("""{"json":true}""");
            });

    public Target Hidden => _ => _.Unlisted().Executes(() => WriteLine("hidden"));
}
