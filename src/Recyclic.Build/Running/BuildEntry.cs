using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using Recyclic.Build.Adapters;
using Recyclic.Build.Changes;
using Recyclic.Build.CommandLine;
using Recyclic.Build.Completion;
using Recyclic.Build.Definition;
using Recyclic.Build.Output;
using Recyclic.Build.Parameters;
using Recyclic.Build.Planning;
using Recyclic.Build.Schema;
using Recyclic.Build.Tooling;
using Serilog.Events;

namespace Recyclic.Build.Running;

/// <summary>From arguments to an exit code: read, check everything, plan, run, sum up.</summary>
internal sealed class BuildEntry(Type type, Func<RecyclicBuild> create, BuildHost host)
{
    private readonly List<string> _mistakes = [];
    private readonly BuildOutput _output = new(host);

    public async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        ImmutableArray<string> defaults,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await RunCheckedAsync(arguments, defaults, cancellationToken);
        }
        catch (DefinitionException exception)
        {
            _mistakes.AddRange(exception.Mistakes);
            return Refuse();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Cancelled;
        }
        catch (Exception exception)
        {
            return Fail(ExceptionText.Unwrapped(exception));
        }
    }

    private async Task<int> RunCheckedAsync(
        IReadOnlyList<string> arguments,
        ImmutableArray<string> defaults,
        CancellationToken cancellationToken
    )
    {
        if (arguments.Count > 0 && arguments[0] == ":completion")
            return PrintCompletionScript([.. arguments.Skip(1)]);
        if (arguments.Count > 0 && arguments[0] == ":complete")
            return Print(Quiet().Complete(string.Join(' ', arguments.Skip(1))));
        var properties = TargetCatalog.PropertiesOf(type);
        var parameters = ParameterCatalog.Of(type);
        var names = new TargetNames(properties.Keys, _mistakes);
        var commandLine = new CommandLineParser(
            parameters,
            host.WorkingDirectory,
            names.Has,
            _mistakes,
            before => TargetCatalog.RestOf(type, names.Meant(before), parameters)
        ).Parse(arguments);
        var reading = new ParameterReading(parameters, host, _mistakes);
        var session = Begin(reading, commandLine);
        if (session.Options.Version)
            return Print([VersionText]);
        if (!session.Options.Help)
            await reading.ReadInputAsync(cancellationToken);
        KeepSecrets(reading);

        var build = Create();
        ParameterInjection.Into(build, session.Values);
        ToolInjection.Into(build, session);
        // What is wrong with a value is no reason to keep the help from somebody.
        var known = _mistakes.Count;
        ValueInjection.Into(build, session, session.Options.Help ? [] : _mistakes);
        if (_mistakes.Count > known)
            return Refuse();
        KeepSecrets(build, parameters);
        build.OnBuildCreated();
        var targets = TargetCatalog.Create(build, properties, defaults);
        if (session.Options.Help)
            return PrintHelp(build, session, targets, parameters, [.. commandLine.Targets, .. session.Options.Target]);
        (session.Graph, session.TargetNames) = (Graphs.Of(targets, parameters), Graphs.NamesOf(targets));
        if (targets.Any(target => target.Inputs.Count > 0))
            session.DefinitionMark = DefinitionMark.Of(type);

        string[] listed = [.. targets.Where(t => t.IsListed).Select(t => t.Name)];
        var invoked = names.Resolve(commandLine.Targets.Concat(session.Options.Target), listed);
        ImmutableArray<string>? skipped = session.Options.Skip is { } skip ? names.Resolve(skip, listed) : null;
        if (invoked.IsEmpty && _mistakes.Count == 0)
            invoked = defaults;
        _mistakes.AddRange(
            (skipped ?? [])
                .Intersect(invoked)
                .Select(name => $"--skip names {name}, which is also to run: leave one of them out")
        );
        var order = Order(targets, invoked);
        if (_mistakes.Count > 0)
            return Refuse();
        if (invoked.IsEmpty)
            return Print(Help(build, session, targets, parameters));

        if (order.Any(target => target.OwnsOutput))
            _output.GiveUpOutput();
        // Conditions may ask what was asked for and what is to run.
        var asked = invoked.ToHashSet();
        session.Progress.Runs = [.. order.Select(target => new TargetRun(target, asked.Contains(target.Name)))];
        var plan = BuildPlan.Create(order, invoked, skipped, Condition.Unmet(order));
        if (session.Options.Plan is { } format)
            return Show(PlanChanges.In(plan, session), format, session);
        var life = new BuildLife(build, session, targets);
        var continuation = life.Continuation(plan);
        _mistakes.AddRange(continuation.Mistakes);
        if (
            !await IsReadyAsync(plan, build, session, reading, parameters, targets, cancellationToken)
            || _mistakes.Count > 0
        )
            return Refuse();
        KeepSchema(session, listed, parameters);
        Explain(build, session, parameters);
        return await life.RunAsync(plan, continuation, cancellationToken);
    }

    /// <summary>A checkout on a build server stays as it is, and a dry run changes nothing.</summary>
    private void KeepSchema(
        BuildSession session,
        IEnumerable<string> targets,
        ImmutableArray<ParameterModel> parameters
    )
    {
        if (
            host.KeepsSchema
            && session.RootDirectory == host.RootDirectory
            && !session.Options.DryRun
            && !BuildServer.IsMeantBy(host.Environment)
        )
            SchemaFile.Keep(
                session.RootDirectory,
                DefinitionMark.Of(type),
                () => BuildSchema.Of(type.Name, targets, [.. parameters.Where(p => p.IsListed)])
            );
    }

    /// <summary>The same build where nobody hears it.</summary>
    private BuildEntry Quiet() => new(type, create, host with { Output = TextWriter.Null, Error = TextWriter.Null });

    /// <exception cref="DefinitionException">Its constructor or an initializer throws.</exception>
    private RecyclicBuild Create()
    {
        try
        {
            return create();
        }
        catch (Exception exception)
            when (ExceptionText.Unwrapped(exception) is not (DefinitionException or TargetFailedException))
        {
            throw new DefinitionException(
                $"{type.Name} cannot be created, its constructor or an initializer threw {ExceptionText.Of(ExceptionText.Unwrapped(exception), _output.Verbosity)}"
            );
        }
    }

    /// <summary>The words that may end the line; mistakes in the environment or in files do not matter here.</summary>
    private IEnumerable<string> Complete(string line)
    {
        var parameters = ParameterCatalog.Of(type);
        var session = Begin(
            new ParameterReading(parameters, host, _mistakes),
            new([], new Dictionary<ParameterModel, List<string>>())
        );
        var build = Create();
        ParameterInjection.Into(build, session.Values);
        var targets = TargetCatalog.Create(build, TargetCatalog.PropertiesOf(type), []);
        return new Completions(
            [.. targets.Where(t => t.IsListed).Select(t => t.Name)],
            [.. parameters.Where(p => p.IsListed)],
            () => Profiles.In(session.RootDirectory)
        ).Of(CompletionLine.Parse(line));
    }

    private int PrintCompletionScript(IReadOnlyList<string> shells)
    {
        var (script, mistake) = CompletionScripts.For(shells);
        if (mistake is not null)
            _mistakes.Add(mistake);
        return script is null ? Refuse() : Print([script]);
    }

    private BuildSession Begin(ParameterReading reading, CommandLineArguments commandLine)
    {
        reading.Read(commandLine);
        var options = HostOptions.Of(reading.Values);
        _mistakes.AddRange(options.Mistakes());
        if (options.Parallel is { } degree)
            options = options with { Degree = degree > 0 ? degree : host.Processors };
        var session = new BuildSession(host, _output, options, reading.Values, reading.RootDirectory)
        {
            SecretVariables = reading.SecretVariables,
        };
        (_output.Verbosity, _output.IsJson) = (session.Options.Verbosity, session.Options.Json);
        KeepSecrets(reading);
        session.Begin();
        return session;
    }

    private ImmutableArray<ExecutableTarget> Order(
        ImmutableArray<ExecutableTarget> targets,
        ImmutableArray<string> invoked
    )
    {
        try
        {
            return BuildPlan.Order(targets, invoked);
        }
        catch (CircularDependencyException exception)
        {
            _mistakes.AddRange(exception.Cycles.Select(CircularDependencyException.Describe));
            return [];
        }
    }

    /// <summary>Whether all that is required is there, once a person has been asked for what is missing.</summary>
    private async Task<bool> IsReadyAsync(
        BuildPlan plan,
        RecyclicBuild build,
        BuildSession session,
        ParameterReading reading,
        ImmutableArray<ParameterModel> parameters,
        ImmutableArray<ExecutableTarget> targets,
        CancellationToken cancellationToken
    )
    {
        var unmet = RequirementCheck.Of(plan, targets, build, session.Values, parameters);
        if (!unmet.IsEmpty && host.Ask is not null && unmet.All(u => u.Parameter is { IsList: false }))
        {
            foreach (var parameter in unmet.Select(u => u.Parameter!).Distinct())
                if (!await reading.AskAsync(parameter, _output.ErrorLine, cancellationToken))
                    break;
            KeepSecrets(reading);
            ParameterInjection.Into(build, session.Values);
            ValueInjection.Into(build, session, _mistakes);
            unmet = RequirementCheck.Of(plan, targets, build, session.Values, parameters);
        }
        _mistakes.AddRange(unmet.Select(u => u.Text));
        return unmet.IsEmpty;
    }

    /// <summary>Where values come from, and which variables were left alone.</summary>
    private void Explain(RecyclicBuild build, BuildSession session, ImmutableArray<ParameterModel> parameters)
    {
        foreach (var warning in StrayVariables.Warnings(parameters, session.Values, host.Environment))
            _output.Log(LogEventLevel.Warning, "", warning);
        if (session.Options.Verbosity != Verbosity.Verbose)
            return;
        foreach (var line in ParameterSourcesText.Lines(parameters, session.Values, p => DefaultOf(build, session, p)))
            _output.Log(LogEventLevel.Debug, "", line);
    }

    private int Show(BuildPlan plan, PlanFormat format, BuildSession session)
    {
        if (format == PlanFormat.Json || session.Options.Json)
            _output.Document(PlanJson.Of(plan));
        else
            _output.Line(format == PlanFormat.Mermaid ? PlanMermaid.Of(plan) : PlanText.Of(plan));
        return ExitCodes.Done;
    }

    private static IEnumerable<string> Help(
        RecyclicBuild build,
        BuildSession session,
        ImmutableArray<ExecutableTarget> targets,
        ImmutableArray<ParameterModel> parameters
    ) => HelpText.Lines(targets, [.. parameters.Where(p => p.IsListed)], p => DefaultOf(build, session, p));

    /// <summary>About the targets that are named with it, or about all.</summary>
    private int PrintHelp(
        RecyclicBuild build,
        BuildSession session,
        ImmutableArray<ExecutableTarget> targets,
        ImmutableArray<ParameterModel> parameters,
        ImmutableArray<string> names
    )
    {
        if (names.IsEmpty)
            return Print(Help(build, session, targets, parameters));
        var known = _mistakes.Count;
        var named = new TargetNames(targets.Select(t => t.Name), _mistakes).Resolve(
            names,
            [.. targets.Where(t => t.IsListed).Select(t => t.Name)]
        );
        if (_mistakes.Count > known)
            return Refuse();
        var order = Order(targets, named);
        return order.IsEmpty
            ? Refuse()
            : Print(
                TargetHelpText.Lines(
                    [.. targets.Where(target => named.Contains(target.Name))],
                    order,
                    [.. parameters.Where(p => p.IsListed)],
                    target => TargetCatalog.OwnersOf(type, target.Name),
                    parameter => DefaultOf(build, session, parameter)
                )
            );
    }

    private void KeepSecrets(ParameterReading reading)
    {
        foreach (var secret in reading.Values.All.Where(v => v.Parameter.IsSecret))
            _output.Redactor.AddValue(secret.Value);
    }

    /// <summary>
    /// Initializers too; not those of numbers, for a 0 that nobody gave is no secret and is everywhere.
    /// </summary>
    private void KeepSecrets(RecyclicBuild build, ImmutableArray<ParameterModel> parameters)
    {
        foreach (
            var value in parameters.Where(p => p.IsSecret).Select(p => ParameterInjection.Current(build, p.Member))
        )
            if (value is not ValueType)
                _output.Redactor.AddValue(value);
    }

    private static string? DefaultOf(RecyclicBuild build, BuildSession session, ParameterModel parameter)
    {
        if (parameter.IsSecret || session.Values.Of(parameter) is not null)
            return null;
        return ParameterInjection.Current(build, parameter.Member) is var value and not false
            ? ParameterSourcesText.Text(value)
            : null;
    }

    private int Print(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            _output.Line(line);
        return ExitCodes.Done;
    }

    /// <summary>The build class itself threw, in a callback.</summary>
    private int Fail(Exception exception)
    {
        _output.ErrorLine(_output.Paint.Red("error: ") + ExceptionText.Of(exception, _output.Verbosity));
        return (exception as TargetFailedException)?.ExitCode ?? ExitCodes.Failed;
    }

    private int Refuse()
    {
        foreach (var mistake in _mistakes.Distinct())
            _output.ErrorLine(_output.Paint.Red("error: ") + mistake);
        _output.ErrorLine("Nothing was run. ./build.sh --help lists targets and options.");
        return ExitCodes.Misuse;
    }

    internal static string VersionText
    {
        get
        {
            var version = typeof(BuildEntry)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion.Split('+')[0];
            return $"Recyclic {version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})";
        }
    }
}
