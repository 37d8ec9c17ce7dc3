using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Processes;

namespace Recyclic.Deploy.Running;

/// <summary>
/// A platform whose texts are fit to be shown and kept: what it says of secrets is learnt from what compose and the
/// engine say of the application, and masked in what containers wrote and in what the journal gets.
/// </summary>
public static class MaskedPlatform
{
    /// <summary>The same platform; <paramref name="redactor"/> learns what is found, and masks by it.</summary>
    public static Platform Masked(this Platform platform, Redactor redactor)
    {
        var learner = new SecretLearner(redactor);
        return platform with
        {
            Files = new LearningFiles(platform.Files, learner),
            Health = new MaskedHealth(platform.Health, learner),
            Lock = new MaskedLock(platform.Lock, redactor),
        };
    }

    private sealed class LearningFiles(IComposeFiles inner, SecretLearner learner) : IComposeFiles
    {
        public async Task<ComposeModel> ReadComposeAsync(
            string file,
            string? project,
            ReleaseTag? tag,
            string? registry,
            CancellationToken cancellationToken
        )
        {
            var compose = await inner.ReadComposeAsync(file, project, tag, registry, cancellationToken);
            learner.Learn(compose);
            return compose;
        }

        public Task<string> ReadNameAsync(
            string file,
            string? project,
            string? registry,
            CancellationToken cancellationToken
        ) => inner.ReadNameAsync(file, project, registry, cancellationToken);
    }
}

/// <summary>Tells a redactor what an application's secrets are.</summary>
internal sealed class SecretLearner(Redactor redactor)
{
    private Func<string, bool> _isPublic = _ => false;

    public void Learn(ComposeModel compose)
    {
        _isPublic = FoundSecrets.PublicIn(compose);
        redactor.AddFound(FoundSecrets.In(compose, _isPublic));
    }

    /// <param name="variables">A container's, as `NAME=value`.</param>
    public void Learn(IEnumerable<string> variables) => redactor.AddFound(FoundSecrets.In(variables, _isPublic));

    /// <summary>For lines that follow each other and come one by one.</summary>
    public Func<string, string> LineByLine() => redactor.LineByLine();

    public string Masked(string text) => redactor.Redact(text);

    public ImmutableArray<string> Masked(ImmutableArray<string> lines) => redactor.RedactLines(lines);
}
