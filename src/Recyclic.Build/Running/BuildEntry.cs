using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using Recyclic.Build.Adapters;
using Recyclic.Build.CommandLine;
using Recyclic.Build.Completion;
using Recyclic.Build.Definition;
using Recyclic.Build.Output;
using Recyclic.Build.Parameters;
using Recyclic.Build.Planning;
using Recyclic.Build.Schema;
using Recyclic.Build.Tooling;

namespace Recyclic.Build.Running;

/// <summary>From arguments to an exit code: read, check everything, plan, run, sum up.</summary>
internal sealed class BuildEntry(Type type, Func<RecyclicBuild> create, BuildHost host)
{
    private readonly List<string> _mistakes = [];
    private readonly BuildOutput _output = new(host);

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, ImmutableArray<string> defaults, CancellationToken cancellationToken)
    {
        try
        {
            return await RunCheckedAsync(arguments, defaults, cancellationToken);
        }
        catch (Exception exception) when (exception is DefinitionException or CircularDependencyException)
        {
            _mistakes.Add(exception.Message);
            return Refuse();
        }
        catch (Exception exception)
        {
            return Fail(ExceptionText.Unwrapped(exception));
        }
    }

    private async Task<int> RunCheckedAsync(IReadOnlyList<string> arguments, ImmutableArray<string> defaults, CancellationToken cancellationToken)
    {
        if (arguments.Count > 0 && arguments[0] == ":completion") return PrintCompletionScript([.. arguments.Skip(1)]);
        if (arguments.Count > 0 && arguments[0] == ":complete") return Print(Quiet().Complete(string.Join(' ', arguments.Skip(1))));
        var properties = TargetCatalog.PropertiesOf(type);
        var parameters = ParameterCatalog.Of(type);
        var names = new TargetNames(properties.Keys, _mistakes);
        var commandLine = new CommandLineParser(parameters, names.Has, _mistakes).Parse(arguments);
        var session = Begin(parameters, commandLine);
        if (session.Options.Version) return Print([VersionText]);

        var build = create();
        ParameterInjection.Into(build, session.Values);
        ToolInjection.Into(build, session);
        KeepSecrets(build, parameters);
        build.OnBuildCreated();
        var targets = TargetCatalog.Create(build, properties, defaults);
        if (session.Options.Help) return Print(HelpText.Lines(targets, parameters, p => DefaultOf(build, session, p)));

        string[] listed = [.. targets.Where(t => t.IsListed).Select(t => t.Name)];
        var invoked = names.Resolve(commandLine.Targets.Concat(session.Options.Target), listed);
        ImmutableArray<string>? skipped = session.Options.Skip is { } skip ? names.Resolve(skip, listed) : null;
        if (_mistakes.Count > 0) return Refuse();
        if (invoked.IsEmpty) invoked = defaults;
        if (invoked.IsEmpty) return Print(HelpText.Lines(targets, parameters, p => DefaultOf(build, session, p)));

        var plan = BuildPlan.Create(targets, invoked, skipped);
        if (session.Options.Plan) return Print([plan.ToText()]);
        _mistakes.AddRange(RequirementCheck.Mistakes(plan, parameters));
        if (_mistakes.Count > 0) return Refuse();
        KeepSchema(session, listed, parameters);
        return await new BuildLife(build, session).RunAsync(plan, cancellationToken);
    }

    /// <summary>A checkout on a build server stays as it is, and a dry run changes nothing.</summary>
    private void KeepSchema(BuildSession session, IEnumerable<string> targets, ImmutableArray<ParameterModel> parameters)
    {
        if (host.KeepsSchema && session.RootDirectory == host.RootDirectory && !session.Options.DryRun && !BuildServer.IsMeantBy(host.Environment))
            SchemaFile.Keep(session.RootDirectory, DefinitionMark.Of(type), () => BuildSchema.Of(type.Name, targets, parameters));
    }

    /// <summary>The same build where nobody hears it.</summary>
    private BuildEntry Quiet() => new(type, create, host with { Output = TextWriter.Null, Error = TextWriter.Null });

    /// <summary>The words that may end the line; mistakes in the environment or in files do not matter here.</summary>
    private IEnumerable<string> Complete(string line)
    {
        var parameters = ParameterCatalog.Of(type);
        var session = Begin(parameters, new([], new Dictionary<ParameterModel, List<string>>()));
        var build = create();
        ParameterInjection.Into(build, session.Values);
        var targets = TargetCatalog.Create(build, TargetCatalog.PropertiesOf(type), []);
        return new Completions([.. targets.Where(t => t.IsListed).Select(t => t.Name)], parameters, () => Profiles.In(session.RootDirectory)).Of(CompletionLine.Parse(line));
    }

    private int PrintCompletionScript(IReadOnlyList<string> shells)
    {
        var (script, mistake) = CompletionScripts.For(shells);
        if (mistake is not null) _mistakes.Add(mistake);
        return script is null ? Refuse() : Print([script]);
    }

    private BuildSession Begin(ImmutableArray<ParameterModel> parameters, CommandLineArguments commandLine)
    {
        var resolver = new ParameterResolver(parameters, host.WorkingDirectory, _mistakes);
        resolver.FromCommandLine(commandLine.Options);
        resolver.FromEnvironment(host.Environment);
        var early = HostOptions.Of(resolver.Values);
        var root = early.Root ?? host.RootDirectory;
        foreach (var file in ParameterFiles.Read(root, early.Profile, _mistakes))
            resolver.FromFile(ParametersFile.Read(file.Name, file.Json, _mistakes), root, file.Source);
        var session = new BuildSession(host, _output, HostOptions.Of(resolver.Values), resolver.Values, root);
        (_output.Verbosity, _output.IsJson) = (session.Options.Verbosity, session.Options.Json);
        foreach (var secret in resolver.Values.All.Where(v => v.Parameter.IsSecret)) _output.Redactor.AddValue(secret.Value);
        session.Begin();
        return session;
    }

    private void KeepSecrets(RecyclicBuild build, ImmutableArray<ParameterModel> parameters)
    {
        foreach (var parameter in parameters.Where(p => p.IsSecret))
            _output.Redactor.AddValue(ParameterInjection.Current(build, parameter.Member));
    }

    private static string? DefaultOf(RecyclicBuild build, BuildSession session, ParameterModel parameter)
    {
        if (parameter.IsSecret || session.Values.SourceOf(parameter.MemberName) != ParameterSource.Default) return null;
        return ParameterInjection.Current(build, parameter.Member) switch
        {
            null or false or "" => null,
            Array values => values.Length > 0 ? string.Join(' ', values.Cast<object>()) : null,
            TimeSpan time => FormattableString.Invariant($"{time.TotalSeconds}"),
            Enum value => ParameterNames.Kebab(value.ToString()),
            IFormattable value => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
            var value => value.ToString(),
        };
    }

    private int Print(IEnumerable<string> lines)
    {
        foreach (var line in lines) _output.Line(line);
        return ExitCodes.Done;
    }

    /// <summary>The build class itself threw: its constructor, a condition, a callback.</summary>
    private int Fail(Exception exception)
    {
        _output.ErrorLine(_output.Paint.Red("error: ") + ExceptionText.Of(exception, _output.Verbosity));
        return (exception as TargetFailedException)?.ExitCode ?? ExitCodes.Failed;
    }

    private int Refuse()
    {
        foreach (var mistake in _mistakes.Distinct()) _output.ErrorLine(_output.Paint.Red("error: ") + mistake);
        _output.ErrorLine("Nothing was run. ./build.sh --help lists targets and options.");
        return ExitCodes.Misuse;
    }

    internal static string VersionText
    {
        get
        {
            var version = typeof(BuildEntry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
            return $"Recyclic {version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})";
        }
    }
}
