using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Recyclic.Deploy.Smoke;

/// <summary>One thing that an answer must be. Pure.</summary>
public abstract record Expectation
{
    private protected Expectation() { }

    /// <summary>For the plan, for example `status 200`.</summary>
    public abstract string Describe();

    /// <summary>Why an answer is not it; null: it is.</summary>
    public abstract string? Judge(HttpAnswer answer, string tag);

    /// <summary>Why it cannot be expected; null: it can.</summary>
    internal virtual string? Problem => null;

    private protected static string Said(string text, string tag) =>
        text.Replace("{tag}", tag, StringComparison.Ordinal);

    private protected static string Shown(string text) => $"\"{PrintableText.Of(text, 80)}\"";
}

internal sealed record StatusIs(int Status) : Expectation
{
    public override string Describe() => $"status {Status}";

    public override string? Judge(HttpAnswer answer, string tag) =>
        answer.Status == Status ? null : $"status {answer.Status}, expected {Status}";

    internal override string? Problem => Status is >= 100 and <= 599 ? null : $"{Status} is no status of HTTP";
}

internal sealed record HeaderHas(string Name, string Value) : Expectation
{
    public override string Describe() => $"{Name} with {Shown(Value)}";

    public override string? Judge(HttpAnswer answer, string tag)
    {
        var wanted = Said(Value, tag);
        var found = answer
            .Headers.Where(header => header.Key.Equals(Name, StringComparison.OrdinalIgnoreCase))
            .ToList();
        return found.Exists(header => header.Value.Contains(wanted, StringComparison.Ordinal)) ? null
            : found.Count == 0 ? $"there is no header {Name}, expected {Shown(wanted)} in it"
            : $"the header {Name} does not hold {Shown(wanted)}";
    }
}

internal sealed record BodyHas(string Text) : Expectation
{
    public override string Describe() => $"the answer holds {Shown(Text)}";

    public override string? Judge(HttpAnswer answer, string tag) =>
        answer.Body.Contains(Said(Text, tag), StringComparison.Ordinal)
            ? null
            : $"the answer does not hold {Shown(Said(Text, tag))}";
}

/// <summary>It has a second for it: an answer may be made to keep a pattern busy.</summary>
internal sealed record BodyMatches(string Pattern) : Expectation
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    public override string Describe() => $"the answer matches {Shown(Pattern)}";

    public override string? Judge(HttpAnswer answer, string tag)
    {
        try
        {
            return Regex.IsMatch(
                answer.Body,
                Pattern.Replace("{tag}", Regex.Escape(tag), StringComparison.Ordinal),
                RegexOptions.CultureInvariant,
                Longest
            )
                ? null
                : $"the answer does not match {Shown(Pattern)}";
        }
        catch (RegexMatchTimeoutException)
        {
            return $"it could not be told within {Longest.TotalSeconds:0} s whether the answer matches {Shown(Pattern)}";
        }
    }

    internal override string? Problem
    {
        get
        {
            try
            {
                _ = new Regex(Pattern, RegexOptions.CultureInvariant, Longest);
                return null;
            }
            catch (ArgumentException exception)
            {
                return $"{Shown(Pattern)} is no regular expression: {PrintableText.Of(exception.Message, 120)}";
            }
        }
    }
}

internal sealed record JsonHas(string Path, object? Value) : Expectation
{
    public override string Describe() => $"{Path} is {Wanted("{tag}")}";

    public override string? Judge(HttpAnswer answer, string tag)
    {
        try
        {
            using var reader = Reader(answer.Body);
            var found = JToken.ReadFrom(reader).SelectTokens(Path).ToList();
            return found.Exists(token => Text(token) == Wanted(tag)) ? null
                : found.Count == 0 ? $"{Path} is not there, expected {Wanted(tag)}"
                : $"{Path} is {string.Join(", ", found.Take(3).Select(token => PrintableText.Of(Text(token), 80)))}, expected {Wanted(tag)}";
        }
        catch (JsonException exception)
        {
            return $"the answer is no JSON: {PrintableText.Of(exception.Message, 120)}";
        }
    }

    internal override string? Problem
    {
        get
        {
            try
            {
                _ = new JObject().SelectTokens(Path).Any();
                return null;
            }
            catch (JsonException exception)
            {
                return $"{Shown(Path)} is no JSONPath: {PrintableText.Of(exception.Message, 120)}";
            }
        }
    }

    /// <summary>What looks like a date is a text, as the answer has it.</summary>
    private static JsonTextReader Reader(string body) =>
        new(new StringReader(body)) { DateParseHandling = DateParseHandling.None, MaxDepth = 64 };

    private static string Text(JToken token) => token.ToString(Formatting.None);

    private string Wanted(string tag) =>
        Value switch
        {
            null => "null",
            string text => JsonConvert.ToString(Said(text, tag)),
            _ => JToken.FromObject(Value).ToString(Formatting.None),
        };
}

internal sealed record TakesAtMost(TimeSpan Latency) : Expectation
{
    public override string Describe() => $"within {Text(Latency)}";

    public override string? Judge(HttpAnswer answer, string tag) =>
        answer.Took <= Latency ? null : $"the answer took {Text(answer.Took)}, expected at most {Text(Latency)}";

    internal override string? Problem => Latency > TimeSpan.Zero ? null : "no answer takes no time";

    private static string Text(TimeSpan time) =>
        time.TotalSeconds >= 1
            ? $"{time.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture)} s"
            : $"{time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms";
}
