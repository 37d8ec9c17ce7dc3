using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// An application's name as compose itself makes it of `name:` with its variables, `.env`, COMPOSE_PROJECT_NAME, or the folder. The
/// files are read with their services taken out, so that a target that only needs the name asks for no secret and no env_file.
/// </summary>
/// <remarks>`config --no-interpolate`, which asks for no variable, does not do: of `name: shop-${STAGE:-dev}` it makes `shop-stage-dev`.</remarks>
internal static partial class ComposeName
{
    /// <summary>What stands for a variable that is required and not set: a number, since it may be a port's. A name that has it depends on that variable.</summary>
    private const string StandIn = "48151";

    private const int MostStandIns = 50;

    /// <summary>Merged over the files. A file without anything in it is none to compose.</summary>
    private const string WithoutServices = "services: !reset {}\nx-recyclic-name: only\n";

    /// <param name="start">The compose command with its files and the project that was asked for.</param>
    /// <exception cref="ConfigurationException">Compose refuses the files, in its own words; or the name depends on what is not known.</exception>
    public static async Task<string> ReadAsync(DockerCli docker, IEnumerable<string> start, string file, ImmutableDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        string[] arguments = [.. start, "-f", "-", "config", "--format", "json"];
        var standIns = ImmutableDictionary<string, string>.Empty.Add(ComposeReader.TagVariable, StandIn);
        while (true)
        {
            var command = Command.Of("docker", arguments) with { Environment = environment.SetItems(standIns), StandardInput = WithoutServices, Timeout = TimeSpan.FromSeconds(30) };
            var result = await docker.RunAsync(command, cancellationToken);
            if (result.Succeeded) return Checked(ComposeJson.Parse(file, result.StandardOutput)["name"].AsText() ?? "", file, standIns.Keys);
            if (RequiredVariable().Match(result.StandardError) is not { Success: true, Groups: [_, { Value: var missing }] } || standIns.ContainsKey(missing) || standIns.Count > MostStandIns)
                throw ComposeCli.Refused(file, result);
            standIns = standIns.Add(missing, StandIn);
        }
    }

    private static string Checked(string name, string file, IEnumerable<string> standIns) => name.Contains(StandIn, StringComparison.Ordinal)
        ? throw new ConfigurationException(file, $"the application's name depends on {string.Join(" or ", standIns.Order(StringComparer.Ordinal))}, which differs by release or is not set", "Give the name: --project <name>; or write a `name:` that does not change.")
        : name;

    [GeneratedRegex(@"required variable ([A-Za-z_][A-Za-z0-9_]*) is missing a value", RegexOptions.CultureInvariant)]
    private static partial Regex RequiredVariable();
}
