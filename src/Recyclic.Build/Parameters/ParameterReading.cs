using System.Collections.Immutable;
using Recyclic.Build.Adapters;
using Recyclic.Build.CommandLine;

namespace Recyclic.Build.Parameters;

/// <summary>
/// Reads all parameters of a run from where they may come from, and later those that a person is asked for.
/// </summary>
internal sealed class ParameterReading(ImmutableArray<ParameterModel> parameters, BuildHost host, List<string> mistakes)
{
    private const int MostAttempts = 3;
    private readonly ParameterResolver _resolver = new(parameters, host.WorkingDirectory, SecretFile.Read, mistakes);

    public ParameterValues Values => _resolver.Values;

    /// <inheritdoc cref="Running.BuildSession.SecretVariables"/>
    public ImmutableHashSet<string> SecretVariables { get; } =
    [.. parameters.Where(p => p.IsSecret || p.FileOf is not null).SelectMany(p => p.EnvironmentNames)];

    public AbsolutePath RootDirectory { get; private set; } = host.RootDirectory;

    public void Read(CommandLineArguments commandLine)
    {
        _resolver.FromCommandLine(commandLine.Options);
        _resolver.FromEnvironment(host.Environment);
        var early = HostOptions.Of(Values);
        RootDirectory = early.Root ?? host.RootDirectory;
        foreach (var file in ParameterFiles.Read(RootDirectory, early.Profile, mistakes))
            _resolver.FromFile(ParametersFile.Read(file.Name, file.Json, mistakes), RootDirectory, file.Source);
    }

    /// <summary>
    /// Reads the secret that <c>--registry-password -</c> asks for; not when there are mistakes already, for then
    /// nothing runs.
    /// </summary>
    public async Task ReadInputAsync(CancellationToken cancellationToken)
    {
        if (mistakes.Count > 0 || _resolver.FromStandardInput is not [var parameter])
            return;
        try
        {
            var secret = host.Ask is { } ask
                ? await ask(Question(parameter), true, cancellationToken)
                    ?? throw new FormatException("without an answer")
                : await SecretFile.ReadAsync(host.Input, cancellationToken);
            _resolver.TryGive(parameter, secret, ParameterSource.StandardInput, "standard input");
        }
        catch (FormatException exception)
        {
            mistakes.Add($"{parameter.Option}: standard input is {exception.Message}");
        }
    }

    /// <summary>Asks for a value until it is valid.</summary>
    /// <returns>Whether there is one now.</returns>
    public async Task<bool> AskAsync(
        ParameterModel parameter,
        Action<string> complain,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 0; attempt < MostAttempts && host.Ask is { } ask; attempt++)
        {
            if (await ask(Question(parameter), parameter.IsSecret, cancellationToken) is not { } answer)
                return false;
            if (string.IsNullOrWhiteSpace(answer))
                continue;
            if (_resolver.TryGive(parameter, answer, ParameterSource.Prompt, "the terminal"))
                return true;
            complain(mistakes[^1]);
            mistakes.RemoveAt(mistakes.Count - 1);
        }
        return false;
    }

    private static string Question(ParameterModel parameter)
    {
        var names = ValueConverter.EnumNames(parameter.Scalar);
        string?[] hints =
        [
            parameter.Description?.TrimEnd('.'),
            names.Length > 0 ? "one of " + string.Join(", ", names) : null,
        ];
        var hint = string.Join("; ", hints.Where(h => !string.IsNullOrEmpty(h)));
        return hint.Length > 0 ? $"{parameter.Option} ({hint})" : parameter.Option;
    }
}
