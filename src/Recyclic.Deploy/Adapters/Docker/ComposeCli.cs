using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Recyclic.Deploy.Adapters.Files;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>
/// Compose v2 as the reader of the team's files.
/// </summary>
/// <param name="settings">How files are read; default: as compose reads one file.</param>
public sealed partial class ComposeCli(DockerCli docker, ComposeSettings? settings = null)
{
    private readonly ComposeSettings _settings = settings ?? new ComposeSettings();
    private readonly TeamFiles _files = new(settings ?? new ComposeSettings());
    private readonly ComposeQuestions _questions = new(docker);

    /// <summary>
    /// What compose reads is read. Who uses a variable is seen by asking twice, with different values of it: as
    /// written, compose does not read an expression where it wants a number, a path or a list.
    /// </summary>
    /// <param name="tag">Null: the release has no name yet.</param>
    /// <exception cref="ConfigurationException">The file is missing or compose refuses it, in compose's own
    /// words.</exception>
    public async Task<ComposeModel> ReadAsync(
        string file,
        string? project,
        ReleaseTag? tag,
        string? registry,
        CancellationToken cancellationToken
    )
    {
        var start = _files.Start(file, project);
        var texts = await _files.ReadAsync(file, cancellationToken);
        // Before compose is asked: it may complain of a line and cite it.
        _settings.Redactor?.AddFound(SecretReader.Variables(file, _settings.EnvFiles));
        var candidates = ImageVariables.In(texts);
        var mayNameVariable =
            _settings.TagVariable is null && texts.Any(text => text.Contains("tag-variable", StringComparison.Ordinal));
        var ours = OursOf(registry);
        ours = ours.SetItems(
            await new WithheldVariables(docker, _questions).ReadAskedAsync(
                start,
                file,
                texts,
                tag is null ? ours : ours.SetItem(_settings.TagVariable ?? ComposeModel.DefaultTagVariable, tag.Value),
                cancellationToken
            )
        );
        var frame =
            mayNameVariable || !candidates.IsEmpty
                ? await ComposeFrame.ReadAsync(
                    docker,
                    start,
                    file,
                    ours,
                    [],
                    candidates.Select(variable => variable.Name),
                    cancellationToken
                )
                : null;
        var tagVariable = TagVariableOf(file, _settings.TagVariable ?? frame?.TagVariable);
        candidates = candidates.RemoveAll(variable => variable.Name == tagVariable);

        var standIns = candidates
            .Select((variable, index) => KeyValuePair.Create(variable.Name, $"recyclic.invalid/{index}:0"))
            .ToImmutableDictionary();
        // What a tag that nobody gave may name is first seen without it: the file may have whole images of its own.
        var withTag = (tag is null ? ours : ours.SetItem(tagVariable, tag.Value)).SetItems(standIns);
        var set = _settings.IsTagGiven ? withTag : ours.SetItems(standIns);
        var reading = _questions.ResolveAsync(start, set, cancellationToken);
        var probing = _questions.ProbeAsync(
            start,
            file,
            set.SetItem(tagVariable, ComposeVariants.OtherThan(tag)),
            cancellationToken
        );
        var extensions = await _questions.ReadExtensionsAsync(start, file, texts, withTag, cancellationToken);
        var (resolved, probed) = (await reading, await probing);
        var needsTag = !resolved.Succeeded && tag is not null && !_settings.IsTagGiven;
        if (needsTag)
            (set, resolved) = (withTag, await _questions.ResolveAsync(start, withTag, cancellationToken));
        if (
            tag is null
            && !resolved.Succeeded
            && resolved.StandardError.Contains($"required variable {tagVariable} ", StringComparison.Ordinal)
        )
            throw new ConfigurationException(
                "--tag",
                $"none was given, and {file} requires {tagVariable}",
                "Give one: --tag <tag>."
            );
        if (!resolved.Succeeded)
            throw ComposeRefusal.Of(file, resolved);
        if (!probed.Succeeded)
            throw ComposeRefusal.Of(file, probed);
        var (model, other) = (
            ComposeJson.Parse(file, resolved.StandardOutput),
            ComposeJson.Parse(file, probed.StandardOutput)
        );
        _settings.Redactor?.AddFound(SecretReader.Secrets(model));
        var compose = new ComposeModel(model, file)
        {
            TagVariable = tagVariable,
            IsTagVariableGiven = _settings.TagVariable is not null || frame?.TagVariable is not null,
            TagUsers = UsersIn(
                model,
                other,
                needsTag || _settings.TagVariable is not null || frame?.TagVariable is not null
            ),
            Extensions = extensions,
            Asked = _settings.Released,
            IsStrict = _settings.StrictVariables,
            RelativeMounts = ComposeVariants.RelativeMountsOf(other),
            RelativeFiles = ComposeVariants.RelativeFilesOf(other),
            Folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "",
        };
        var variables = ComposeVariants.VariablesOf(model, candidates, standIns);
        var values = frame?.Values ?? ImmutableDictionary<string, string>.Empty;
        if (!_settings.IsTagGiven)
            variables = ImageVariables.WithoutWhole(compose, variables, values, _settings.Images);
        var images = ImageVariables.Set(
            compose,
            variables,
            values,
            _settings.Images,
            tag?.Value ?? "unnamed",
            registry
        );
        compose = compose with
        {
            AssumedImages = ImageVariables.AssumedBy(compose, variables, values, _settings.Images, images),
        };
        compose = compose with
        {
            ImageVariables = variables
                .Where(variable => images.ContainsKey(variable.Value.Name))
                .ToImmutableSortedDictionary(
                    variable => variable.Key,
                    variable => variable.Value.Name,
                    StringComparer.Ordinal
                ),
        };
        if (compose.Choice.IsGuess && ComposeQuestions.MayHave(texts, "profiles"))
            compose = compose with
            {
                Hidden = await _questions.ReadHiddenAsync(
                    start,
                    file,
                    model,
                    set.SetItem(tagVariable, ComposeVariants.OtherThan(tag)),
                    tagVariable,
                    cancellationToken
                ),
            };

        // What is not the release's is left as it is: a tag that is only derived names nothing where no image uses it.
        var isTagOurs = tag is not null && (_settings.IsTagGiven || !compose.Choice.IsFile);
        var final = (isTagOurs ? ours.SetItem(tagVariable, tag!.Value) : ours).SetItems(images);
        if (!IsSame(final, set))
            resolved = await _questions.ResolveAsync(start, final, cancellationToken);
        if (!resolved.Succeeded)
            throw ComposeRefusal.Of(file, resolved);
        model = ComposeJson.Parse(file, resolved.StandardOutput);
        compose = compose with
        {
            Resolved = model,
            UnsetVariables =
            [
                .. UnsetVariable()
                    .Matches(resolved.StandardError)
                    .Select(match => match.Groups[1].Value)
                    .Where(name => name != tagVariable)
                    .Distinct(),
            ],
            MissingFiles = TeamFiles.FindMissingFiles(model),
        };
        compose = compose with { TlsTexts = await TlsTexts.ReadAsync(docker, start, compose, ours, cancellationToken) };
        if (tag is null)
            return compose;
        compose = await WithFilesAsync(compose, start, ours, cancellationToken);
        return ComposeImages.Name(compose, tag, registry);
    }

    /// <summary>The same with the files of this machine that services get, each read whole, once.</summary>
    private async Task<ComposeModel> WithFilesAsync(
        ComposeModel compose,
        string[] start,
        ImmutableDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        var variables = ReleaseFileReader.VariablesOf(compose);
        var values = variables.IsEmpty
            ? ImmutableDictionary<string, string>.Empty
            : (
                await ComposeFrame.ReadAsync(docker, start, compose.File, environment, [], variables, cancellationToken)
            ).Values
            // A compose model doubles a dollar sign that is meant as such.
            .ToImmutableDictionary(
                value => value.Key,
                value => value.Value.Replace("$$", "$", StringComparison.Ordinal)
            );
        compose = compose with { Variables = values };
        var wanted = ReleaseFileReader.Of(compose, docker.Setting.IsLocal);
        if (wanted.IsEmpty)
            return compose;
        var files = FileReader.Read(wanted, values, docker.Setting.IsLocal, cancellationToken);
        return compose with
        {
            Files = new ReleaseFiles(files) { Key = RandomNumberGenerator.GetHexString(32, lowercase: true) },
        };
    }

    /// <summary>
    /// The application's name, by the same files, variables and `.env` that <see cref="ReadAsync"/> reads it by.
    /// </summary>
    /// <exception cref="ConfigurationException">A file is missing or compose refuses it, in compose's own words; or the
    /// name depends on what is not known.</exception>
    public async Task<string> ReadNameAsync(
        string file,
        string? project,
        string? registry,
        CancellationToken cancellationToken
    )
    {
        var start = _files.Start(file, project);
        await _files.ReadAsync(file, cancellationToken);
        _settings.Redactor?.AddFound(SecretReader.Variables(file, _settings.EnvFiles));
        var frame = await ComposeFrame.ReadAsync(
            docker,
            start,
            file,
            OursOf(registry),
            [_settings.TagVariable ?? ComposeModel.DefaultTagVariable],
            [],
            cancellationToken
        );
        // Only now is it known which variable differs by release.
        if (_settings.TagVariable is null && frame.TagVariable is { } variable)
            frame = await ComposeFrame.ReadAsync(
                docker,
                start,
                file,
                OursOf(registry),
                [TagVariableOf(file, variable)],
                [],
                cancellationToken
            );
        return frame.NameOf(file);
    }

    /// <summary>
    /// The services that get their image from the tag variable; none where nobody has given a tag, or has said that it
    /// is that variable, and the file has whole images without it.
    /// </summary>
    /// <param name="isNeeded">Whether somebody has said so, or compose reads the file with a tag only.</param>
    private ImmutableHashSet<string> UsersIn(JsonObject model, JsonObject other, bool isNeeded)
    {
        var users = ComposeVariants.UsersOf(model, other);
        return !_settings.IsTagGiven && !isNeeded && ComposeVariants.AreNamed(model, users) ? [] : users;
    }

    private static ImmutableDictionary<string, string> OursOf(string? registry) =>
        registry is null
            ? ImmutableDictionary<string, string>.Empty
            : ImmutableDictionary<string, string>.Empty.Add("REGISTRY", registry);

    private static bool IsSame(ImmutableDictionary<string, string> one, ImmutableDictionary<string, string> other) =>
        one.Count == other.Count && one.All(entry => other.GetValueOrDefault(entry.Key) == entry.Value);

    private static string TagVariableOf(string file, string? given) =>
        given is null
        || VariableName().IsMatch(given)
            && given is not ("REGISTRY" or "DOCKER_HOST" or "DOCKER_CONTEXT" or "DOCKER_CONFIG")
            ? given ?? ComposeModel.DefaultTagVariable
            : throw new ConfigurationException(
                $"{file}: x-recyclic.tag-variable, or --tag-variable",
                $"'{PrintableText.Of(given, 60)}' cannot be the variable of the release's tag",
                "Use letters, digits and '_', not beginning with a digit, for example APP_VERSION."
            );

    [GeneratedRegex(@"The \\?""([A-Za-z_][A-Za-z0-9_]*)\\?"" variable is not set", RegexOptions.CultureInvariant)]
    private static partial Regex UnsetVariable();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();
}
