using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recyclic.Fuzzing;

/// <summary>
/// Feeds a parser with spoilt samples. A parser may refuse by the exceptions that it documents; anything else, a hang,
/// or memory out of proportion is a finding. The same seed gives the same inputs. The long run:
/// <c>RECYCLIC_FUZZ_SECONDS</c> of processor time for each parser. </summary>
internal static class Fuzzer
{
    private const int ShortRun = 1500;
    private const int LongestInput = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly string[] Nasty =
    [
        "\0",
        "\n",
        "\r\n",
        "\u001b[2J",
        "\u202e",
        "\"",
        "\\",
        "'",
        ";",
        "$(id)",
        "${{ x }}",
        "</script>",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "# ",
        "null",
        "true",
        "-1",
        "0",
        "1e999",
        "2147483648",
        "9223372036854775808",
        "99999999999999999999",
        "1.5",
        "\\ud800",
        "\uFFFD",
        "%s%n",
        "../../etc/passwd",
        "0x41",
        "NaN",
        "\t",
        " ",
    ];

    /// <param name="samples">Real inputs, to be spoilt; each must be accepted or refused as documented as it
    /// is.</param>
    /// <param name="documented">Whether an exception is one by which the parser refuses.</param>
    public static void Run(
        string name,
        IReadOnlyList<byte[]> samples,
        Action<byte[]> parse,
        Func<Exception, bool> documented
    )
    {
        var findings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var (tried, refused) = (0, 0);
        foreach (var sample in samples)
            Try(sample);
        var random = new Random(2026);
        var begun = Environment.CpuUsage.TotalTime;
        var until = int.TryParse(
            Environment.GetEnvironmentVariable("RECYCLIC_FUZZ_SECONDS"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var seconds
        )
            ? begun + TimeSpan.FromSeconds(seconds)
            : (TimeSpan?)null;
        while (until is { } end ? Environment.CpuUsage.TotalTime < end : tried < ShortRun + samples.Count)
            Try(Spoil(samples, random));
        TestContext.Progress.WriteLine(
            $"{name}: {tried} inputs in {(Environment.CpuUsage.TotalTime - begun).TotalSeconds:0} s of processor time, {refused} refused as documented, {findings.Count} findings"
        );
        findings.Values.ShouldBeEmpty($"{findings.Count} findings in {tried} inputs");

        void Try(byte[] input)
        {
            tried++;
            Exception? thrown = null;
            var allocated = GC.GetTotalAllocatedBytes();
            var work = Task.Run(() =>
            {
                try
                {
                    parse(input);
                }
                catch (Exception exception)
                {
                    thrown = exception;
                }
            });
            if (!work.Wait(Patience))
                Find("hangs", $"no end after {Patience.TotalSeconds} s", input);
            else if (thrown is not null && documented(thrown))
                refused++;
            else if (thrown is not null)
                Find(
                    $"{thrown.GetType().Name} {thrown.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Recyclic.", StringComparison.Ordinal))?.Trim()}",
                    thrown.Message,
                    input
                );
            if (GC.GetTotalAllocatedBytes() - allocated > 512L * 1024 * 1024)
                Find("memory", "more than 512 MB allocated", input);
        }

        void Find(string where, string what, byte[] input) =>
            findings.TryAdd(
                where,
                $"{where}: {what}\n  by {Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 1500)))}\n  = {Encoding.UTF8.GetString(input.AsSpan(0, Math.Min(input.Length, 600)))}"
            );
    }

    private static byte[] Spoil(IReadOnlyList<byte[]> samples, Random random)
    {
        var input = samples[random.Next(samples.Count)];
        for (var times = 1 + random.Next(4); times > 0; times--)
            input =
                random.Next(2) == 0 && SpoilJson(input, random) is { } json ? json : SpoilBytes(input, samples, random);
        return input.Length <= LongestInput ? input : input[..LongestInput];
    }

    private static byte[] SpoilBytes(byte[] input, IReadOnlyList<byte[]> samples, Random random)
    {
        var at = random.Next(input.Length + 1);
        var to = at + random.Next(Math.Min(64, input.Length - at) + 1);
        return random.Next(8) switch
        {
            0 => input[..at],
            1 => [.. input[..at], .. input[to..]],
            2 => [.. input[..to], .. input[at..]],
            3 => [.. input[..at], .. Encoding.UTF8.GetBytes(Nasty[random.Next(Nasty.Length)]), .. input[to..]],
            4 => [.. input[..at], .. Encoding.UTF8.GetBytes(Nasty[random.Next(Nasty.Length)]), .. input[at..]],
            5 => [.. input[..at], (byte)random.Next(256), .. input[Math.Min(at + 1, input.Length)..]],
            6 when random.Next(50) == 0 =>
            [
                .. input[..at],
                .. Enumerable.Repeat(input[at..to], to > at ? 200_000 / (to - at) : 0).SelectMany(bytes => bytes),
                .. input[at..],
            ],
            _ => [.. input[..at], .. samples[random.Next(samples.Count)].Skip(at)],
        };
    }

    /// <summary>
    /// Another kind of value in one place: what a newer program, or a broken one, may answer. Null: it is no JSON.
    /// </summary>
    private static byte[]? SpoilJson(byte[] input, Random random)
    {
        try
        {
            var root = JsonNode.Parse(input);
            var places = new List<JsonNode>();
            Gather(root, places);
            if (places.Count == 0)
                return null;
            var place = places[random.Next(places.Count)];
            if (place is JsonObject map && map.Count > 0)
            {
                var key = map.ElementAt(random.Next(map.Count)).Key;
                switch (random.Next(6))
                {
                    case 0:
                        map.Remove(key);
                        break;
                    case 1:
                        map[Nasty[random.Next(Nasty.Length)]] = map[key]?.DeepClone();
                        break;
                    default:
                        map[key] = Value(random);
                        break;
                }
            }
            else if (place is JsonArray list)
            {
                if (list.Count > 0 && random.Next(2) == 0)
                    list[random.Next(list.Count)] = Value(random);
                else
                    list.Add(Value(random));
            }
            return Encoding.UTF8.GetBytes(root!.ToJsonString());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static void Gather(JsonNode? node, List<JsonNode> places)
    {
        if (node is JsonObject or JsonArray)
            places.Add(node);
        foreach (
            var child in node is JsonObject map
                ? map.Select(entry => entry.Value)
                : node as JsonArray ?? (IEnumerable<JsonNode?>)[]
        )
            Gather(child, places);
    }

    private static JsonNode? Value(Random random) =>
        random.Next(10) switch
        {
            0 => null,
            1 => JsonValue.Create(true),
            2 => JsonValue.Create(-1),
            3 => JsonValue.Create(1.5),
            4 => JsonValue.Create(long.MaxValue),
            5 => new JsonArray(JsonValue.Create("x"), null, new JsonObject()),
            6 => new JsonObject { ["x"] = 1, ["name"] = null },
            7 => JsonValue.Create(""),
            8 => JsonValue.Create(new string('a', random.Next(20) == 0 ? 100_000 : 300)),
            _ => JsonValue.Create(Nasty[random.Next(Nasty.Length)]),
        };
}

/// <summary>The kept samples: files of a corpus folder beside the tests' sources.</summary>
internal static class Corpus
{
    public static IReadOnlyList<byte[]> Of(string project, string parser)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Recyclic.sln")))
            root = root.Parent ?? throw new DirectoryNotFoundException("No Recyclic.sln above the tests.");
        var files = Directory
            .GetFiles(Path.Combine(root.FullName, "tests", project, "corpus", parser))
            .Order(StringComparer.Ordinal)
            .ToList();
        files.ShouldNotBeEmpty(parser);
        return [.. files.Select(File.ReadAllBytes)];
    }
}
