using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// What compose says of the team's files without their services: the name, as compose itself makes it of `name:` with
/// its variables, `.env`, COMPOSE_PROJECT_NAME, or the folder; what is at the top of the file; and what variables are
/// set to. So what only needs that asks for no secret and no env_file.
/// </summary>
/// <remarks>
/// `config --no-interpolate`, which asks for no variable, does not do: of `name: shop-${STAGE:-dev}` it makes
/// `shop-stage-dev`.
/// </remarks>
internal sealed partial record ComposeFrame(JsonObject Model, ImmutableDictionary<string, string> StandIns)
{
    /// <summary>
    /// What stands for a variable that is required and not set. A name that has it depends on that variable.
    /// </summary>
    private const string StandIn = ComposeVariants.StandIn;

    private const string Answers = "x-recyclic-values";

    private const int MostStandIns = 50;

    /// <summary>The variable that the file says its images' tag is in; null: it does not say.</summary>
    public string? TagVariable => Model["x-recyclic"].At("tag-variable").AsText();

    /// <summary>What the variables that were asked for are set to; those that are not set are absent.</summary>
    public ImmutableDictionary<string, string> Values =>
        (Model[Answers] as JsonObject ?? [])
            .Where(answer => answer.Value.AsText() is { Length: > 0 } && !StandIns.ContainsKey(answer.Key))
            .ToImmutableDictionary(answer => answer.Key, answer => answer.Value.AsText()!);

    /// <param name="start">The compose command with its files and the project that was asked for.</param>
    /// <param name="standIns">Variables that are never to be asked for.</param>
    /// <param name="ask">Names of variables whose values are wanted.</param>
    /// <exception cref="ConfigurationException">Compose refuses the files, in its own words.</exception>
    public static async Task<ComposeFrame> ReadAsync(
        DockerCli docker,
        IEnumerable<string> start,
        string file,
        ImmutableDictionary<string, string> environment,
        IEnumerable<string> standIns,
        IEnumerable<string> ask,
        CancellationToken cancellationToken
    )
    {
        string[] arguments = [.. start, "-f", "-", "config", "--format", "json"];
        // Merged over the files. A file without anything in it is none to compose.
        var questions =
            $"services: !reset {{}}\n{Answers}:\n  _: only\n{string.Concat(ask.Select(name => $"  {name}: \"${{{name}:-}}\"\n"))}";
        var stand = standIns.ToImmutableDictionary(name => name, _ => StandIn);
        while (true)
        {
            var command = Command.Of("docker", arguments) with
            {
                Environment = environment.SetItems(stand),
                StandardInput = questions,
                Timeout = TimeSpan.FromSeconds(30),
            };
            var result = await docker.RunAsync(command, cancellationToken);
            if (result.Succeeded)
                return new ComposeFrame(ComposeJson.Parse(file, result.StandardOutput), stand);
            if (
                RequiredVariable().Match(result.StandardError)
                    is not { Success: true, Groups: [_, { Value: var missing }] }
                || stand.ContainsKey(missing)
                || stand.Count > MostStandIns
            )
                throw ComposeRefusal.Of(file, result);
            stand = stand.Add(missing, StandIn);
        }
    }

    /// <summary>The application's name.</summary>
    /// <exception cref="ConfigurationException">It depends on what is not known.</exception>
    public string NameOf(string file)
    {
        var name = Model["name"].AsText() ?? "";
        return name.Contains(StandIn, StringComparison.Ordinal)
            ? throw new ConfigurationException(
                file,
                $"the application's name depends on {string.Join(" or ", StandIns.Keys.Order(StringComparer.Ordinal))}, which differs by release or is not set",
                "Give the name: --project <name>; or write a `name:` that does not change."
            )
            : name;
    }

    [GeneratedRegex(@"required variable ([A-Za-z_][A-Za-z0-9_]*) is missing a value", RegexOptions.CultureInvariant)]
    private static partial Regex RequiredVariable();
}
