using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Deploy.Adapters.Edge;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Ports;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Acme;

/// <summary>
/// Obtains certificates by a container that ends with it: see acme.py for the words. What is secret stays in the volume of
/// keys; what passes here is public.
/// </summary>
internal sealed class AcmeClient(HostChanges changes, AppRecords records, AcmeImage image)
{
    /// <summary>For the account, and for each certificate: more than the client itself allows.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>See <see cref="IEdgeHost.ObtainCertificatesAsync"/>.</summary>
    public async Task<ImmutableArray<AcmeAnswer>> ObtainAsync(
        string app,
        ImmutableArray<AcmeCertificate> certificates,
        Func<string, CancellationToken, Task> answer,
        CancellationToken cancellationToken
    )
    {
        if (await WhyNoImageAsync(cancellationToken) is { } why)
            return [.. certificates.Select(one => new AcmeAnswer(one.Name, null, why))];
        var record = await records.EnsureAsync(app, cancellationToken);
        await using var running = await changes.StartClientAsync(
            app,
            EdgeCommands.Acme(record.Naming, record.Ownership.Mark(AppRecords.Nonce())),
            cancellationToken
        );
        await using var lines = running
            .ReadLinesAsync(CancellationToken.None)
            .GetAsyncEnumerator(CancellationToken.None);
        var first = await AskAsync(running, lines, Account(certificates[0]), "thumbprint", "-", cancellationToken);
        if (first.Word is not { } thumbprint || !AcmeWords.IsThumbprint(thumbprint))
            return
            [
                .. certificates.Select(one => new AcmeAnswer(one.Name, null, first.Problem ?? AcmeProblem.NoAnswer)),
            ];
        await answer(thumbprint, cancellationToken);
        var answers = ImmutableArray.CreateBuilder<AcmeAnswer>();
        foreach (var certificate in certificates)
        {
            var order = new JsonObject { ["name"] = certificate.Name, ["host"] = certificate.Host };
            var (word, problem) = await AskAsync(
                running,
                lines,
                order,
                $"certificate {certificate.Name}",
                certificate.Name,
                cancellationToken
            );
            answers.Add(
                AcmeWords.Chain(word) is { } chain
                    ? new(certificate.Name, chain, null)
                    : new(certificate.Name, null, problem ?? AcmeProblem.NoAnswer)
            );
        }
        return answers.ToImmutable();
    }

    private static JsonObject Account(AcmeCertificate certificate) =>
        new()
        {
            ["account"] = certificate.Account,
            ["directory"] = certificate.Directory,
            ["email"] = certificate.Email,
            ["authority"] = certificate.Authority,
        };

    private async Task<AcmeProblem?> WhyNoImageAsync(CancellationToken cancellationToken)
    {
        try
        {
            await image.EnsureAsync(cancellationToken);
            return null;
        }
        catch (EngineException exception)
        {
            return new(AcmeProblem.NoClient, exception.Message);
        }
    }

    /// <summary>One request, and the line that answers it; what else is said is of no concern.</summary>
    private static async Task<(string? Word, AcmeProblem? Problem)> AskAsync(
        IRunningCommand running,
        IAsyncEnumerator<string> lines,
        JsonObject request,
        string expected,
        string name,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            await running.WriteLineAsync(request.ToJsonString(), limit.Token);
            while (await lines.MoveNextAsync().AsTask().WaitAsync(limit.Token))
            {
                if (lines.Current.StartsWith(expected + " ", StringComparison.Ordinal))
                    return (lines.Current[(expected.Length + 1)..], null);
                if (lines.Current.StartsWith($"problem {name} ", StringComparison.Ordinal))
                    return (null, AcmeWords.Problem(lines.Current[(name.Length + 9)..]));
            }
            var ended = await running.Ended.WaitAsync(limit.Token);
            return (null, new(AcmeProblem.NoClient, ended.StandardError.Trim()));
        }
        catch (IOException)
        {
            return (null, AcmeProblem.NoAnswer);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (
                null,
                new(AcmeProblem.TooLate, FormattableString.Invariant($"no answer within {Patience.TotalMinutes:0} min"))
            );
        }
    }
}

/// <summary>Pure: what the client says.</summary>
internal static class AcmeWords
{
    /// <summary>SHA-256 in base64url.</summary>
    public static bool IsThumbprint(string word) =>
        word.Length == 43 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    /// <summary>Null: it is none.</summary>
    public static string? Chain(string? word)
    {
        var buffer = new byte[word?.Length ?? 0];
        return word is not null && Convert.TryFromBase64String(word, buffer, out var length) && length > 0
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : null;
    }

    public static AcmeProblem Problem(string json)
    {
        try
        {
            var said = JsonNode.Parse(json);
            return new(said.At("type").AsText() ?? "", said.At("detail").AsText() ?? "");
        }
        catch (JsonException)
        {
            return AcmeProblem.NoAnswer;
        }
    }
}
