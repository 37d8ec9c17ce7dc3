using Recyclic.Fuzzing;

namespace Recyclic.Load.Tests;

/// <summary>What a server under test answers may be anything.</summary>
public sealed class FuzzTests
{
    [Test]
    [CancelAfter(14_400_000)]
    public void A_spoilt_response_is_refused_or_read_and_nothing_else() =>
        Fuzzer.Run(
            "responses",
            Corpus.Of("Recyclic.Load.Tests", "responses"),
            Parse,
            exception => exception is MalformedResponseException or ConnectionClosedException
        );

    private static void Parse(byte[] bytes)
    {
        var parser = new ResponseParser();
        for (var rest = bytes.AsMemory(); rest.Length > 0; )
        {
            var space = parser.Space();
            var count = Math.Min(Math.Min(space.Length, rest.Length), 700);
            rest[..count].CopyTo(space);
            rest = rest[count..];
            if (parser.Advance(count) is not { } response)
                continue;
            VersionClassifiers.Json(response);
            response.Header("X-Version");
            parser.Reset();
        }
        if (parser.Began)
            parser.Advance(0);
    }
}
