using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>Reads certificates and keys from where `x-recyclic.tls` says. They stay in this process.</summary>
internal static class TlsTexts
{
    /// <summary>A certificate with all its issuers has some 10 kB.</summary>
    private const long MostBytes = 256 * 1024;

    /// <summary>Compose leaves out secrets that no service has: this one, which is never started, has those of TLS.</summary>
    private const string Asker = "recyclic-tls";

    public static async Task<ImmutableDictionary<TlsSource, TlsText>> ReadAsync(
        DockerCli docker,
        string[] start,
        ComposeModel compose,
        ImmutableDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        var sources = TlsSetting.SourcesIn(compose.Extensions);
        if (sources.IsEmpty)
            return ImmutableDictionary<TlsSource, TlsText>.Empty;
        var declared = await DeclaredAsync(
            docker,
            start,
            compose.File,
            environment,
            Secrets(sources),
            cancellationToken
        );
        var variables = sources
            .Select(source => source.Kind == TlsSourceKind.Environment ? source.Value : VariableOf(source, declared))
            .OfType<string>()
            .Distinct()
            .ToList();
        var values =
            variables.Count == 0
                ? ImmutableDictionary<string, string>.Empty
                : (
                    await ComposeFrame.ReadAsync(
                        docker,
                        start,
                        compose.File,
                        environment,
                        [],
                        variables,
                        cancellationToken
                    )
                ).Values;
        return sources.ToImmutableDictionary(source => source, source => Read(source, compose, declared, values));
    }

    private static TlsText Read(
        TlsSource source,
        ComposeModel compose,
        JsonObject? declared,
        ImmutableDictionary<string, string> values
    )
    {
        if (source.Kind == TlsSourceKind.File)
            return ReadFile(Path.Combine(compose.Folder, source.Value), "Mend the path");
        if (source.Kind == TlsSourceKind.Secret && declared?[source.Value] is not JsonObject)
            return new(
                null,
                "is not among the secrets of the file",
                $"Declare it: secrets: {{ {source.Value}: {{ file: … }} }}."
            );
        if (source.Kind == TlsSourceKind.Secret && declared![source.Value].At("file").AsText() is { } path)
            return ReadFile(path, "Mend the secret's file");
        var name = source.Kind == TlsSourceKind.Environment ? source.Value : VariableOf(source, declared);
        if (name is null)
            return new(
                null,
                "has neither a file nor a variable",
                "An external secret cannot be read: give it as a file, or as a variable."
            );
        return values.TryGetValue(name, out var value)
            ? new(value)
            : new(
                null,
                $"{(source.Kind == TlsSourceKind.Environment ? "" : $"is the value of the variable {name}, which ")}is not set",
                $"Set {name} in the environment or in .env."
            );
    }

    private static TlsText ReadFile(string path, string mend)
    {
        try
        {
            if (Directory.Exists(path))
                return new(null, "is a folder", "Name the file in it.");
            if (!File.Exists(path))
                return new(null, "is not there", $"{mend}: it is looked for at {path}.");
            return new FileInfo(path).Length > MostBytes
                ? new(null, "is far too large for a certificate", $"{mend}.")
                : new(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new(null, $"cannot be read: {PrintableText.Of(exception.Message, 200)}", "Let this user read it.");
        }
    }

    private static ImmutableArray<string> Secrets(IEnumerable<TlsSource> sources) =>
        [.. sources.Where(source => source.Kind == TlsSourceKind.Secret).Select(source => source.Value)];

    private static string? VariableOf(TlsSource source, JsonObject? declared) =>
        source.Kind == TlsSourceKind.Secret ? declared?[source.Value].At("environment").AsText() : null;

    /// <summary>`secrets` of the files, as compose resolves them; null: one of those asked for is not there.</summary>
    private static async Task<JsonObject?> DeclaredAsync(
        DockerCli docker,
        string[] start,
        string file,
        ImmutableDictionary<string, string> environment,
        ImmutableArray<string> secrets,
        CancellationToken cancellationToken
    )
    {
        var known = new JsonObject();
        // One by one: compose refuses all for one that is not declared.
        foreach (var secret in secrets)
        {
            var command = Command.Of("docker", [.. start, "-f", "-", "config", "--format", "json"]) with
            {
                Environment = environment,
                StandardInput = $"services: !override\n  {Asker}:\n    image: none\n    secrets: [\"{secret}\"]\n",
                Timeout = TimeSpan.FromSeconds(30),
            };
            var result = await docker.RunAsync(command, cancellationToken);
            if (result.Succeeded)
                known[secret] = ComposeJson.Parse(file, result.StandardOutput)["secrets"].At(secret)?.DeepClone();
            else if (!result.StandardError.Contains("undefined secret", StringComparison.Ordinal))
                throw ComposeRefusal.Of(file, result);
        }
        return known;
    }
}
