using System.ComponentModel;
using System.Globalization;
using Serilog;
using INukeBuild = Recyclic.Build.IRecyclicBuild;
using NukeBuild = Recyclic.Build.RecyclicBuild;

namespace Recyclic.Build.Tests.Idiom;

/// <summary>A build written in the idiom of NUKE; only the usings above differ.</summary>
public class IdiomBuild : NukeBuild, IRestore, ICompile, ITest
{
    [Parameter("Server that the packages go to")]
    private readonly string Source = "https://packages.example/index.json";

    [Parameter("Key of that server"), Secret]
    private readonly string? ApiKey = null;

    [Parameter("Version of the packages", Name = "package-version")]
    private readonly string? PackageVersion = null;

    [Parameter("Target that breaks")]
    private readonly string Breaks = "";

    AbsolutePath OutputDirectory => RootDirectory / "output";

    public Target Clean =>
        _ =>
            _.Description("Removes what earlier builds made")
                .Before<IRestore>(x => x.Restore)
                .Executes(() => Log.Information("cleaning {Directory}", OutputDirectory.Name));

    Target ITest.Test => _ => _.Inherit<ITest>().ProceedAfterFailure().Executes(() => Break("Test"));

    public Target Pack =>
        _ =>
            _.DependsOn<ICompile>()
                .After<ITest>()
                .Produces("output/*.nupkg")
                .Executes(() => Log.Information("packing {Version}", PackageVersion ?? "0.0.0"));

    public Target Publish =>
        _ =>
            _.DependsOn(Pack)
                .DependsOn<ITest>(x => x.Test)
                .Consumes(Pack)
                .Requires(() => ApiKey)
                .Requires(() => Source.StartsWith("https://", StringComparison.Ordinal))
                .OnlyWhenStatic(() => ((IHazConfiguration)this).Configuration == Configuration.Release)
                .Triggers(Announce, Withdraw)
                .Executes(() =>
                {
                    Log.Information("publishing to {Source} with {Key}", Source, ApiKey);
                    Break("Publish");
                });

    public Target Announce =>
        _ => _.Unlisted().OnlyWhenDynamic(() => IsSucceeding).Executes(() => Log.Information("announcing"));

    public Target Withdraw =>
        _ =>
            _.Unlisted()
                .After(Announce)
                .AssuredAfterFailure()
                .OnlyWhenDynamic(() => IsFailing)
                .Executes(() => Log.Information("withdrawing"));

    public Target Report =>
        _ => _.TriggeredBy(Publish).After(Withdraw).AssuredAfterFailure().Executes(() => Log.Information("reporting"));

    private void Break(string target)
    {
        if (Breaks == target)
            throw new InvalidOperationException($"{target} broke");
    }
}

public interface IHazConfiguration : INukeBuild
{
    [Parameter("Debug or Release")]
    Configuration Configuration => TryGetValue(() => Configuration) ?? Configuration.Debug;
}

public interface IRestore : INukeBuild
{
    Target Restore => _ => _.Executes(() => Log.Information("restoring"));
}

public interface ICompile : IHazConfiguration
{
    Target Compile =>
        _ => _.DependsOn<IRestore>().Executes(() => Log.Information("compiling {Configuration}", Configuration));
}

public interface ITest : INukeBuild
{
    Target Test => _ => _.TryDependsOn<ICompile>(x => x.Compile).Executes(() => Log.Information("testing"));
}

/// <summary>A name of one's own with a converter, where other builds have an enum.</summary>
[TypeConverter(typeof(Converter))]
public sealed record Configuration(string Name)
{
    public static readonly Configuration Debug = new("Debug");
    public static readonly Configuration Release = new("Release");

    public override string ToString() => Name;

    private sealed class Converter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
            sourceType == typeof(string);

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            new[] { Debug, Release }.FirstOrDefault(c =>
                c.Name.Equals((string)value, StringComparison.OrdinalIgnoreCase)
            ) ?? throw new ArgumentException("Debug or Release");
    }
}
