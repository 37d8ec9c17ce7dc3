using System.ComponentModel;
using System.Globalization;
using System.Net;

namespace Recyclic.Build.Tests.Parameters;

[CancelAfter(20_000)]
public class ConversionTests
{
    private TestHost _host = null!;

    [SetUp]
    public void SetUp() => _host = new TestHost();

    [TearDown]
    public void TearDown() => _host.Dispose();

    [TestCase("90", "90")]
    [TestCase("1.5", "1.5")]
    [TestCase("0", "0")]
    [TestCase("30s", "30")]
    [TestCase("2.5s", "2.5")]
    [TestCase("5m", "300")]
    [TestCase("1h30m", "5400")]
    [TestCase("1H30M", "5400")]
    [TestCase("2d", "172800")]
    [TestCase("1d2h3m4s5ms", "93784.005")]
    [TestCase("500ms", "0.5")]
    [TestCase("00:05:00", "300")]
    [TestCase("0:05", "300")]
    [TestCase("1.02:03:04", "93784")]
    public async Task A_duration_is_seconds_units_or_a_clock(string text, string seconds) =>
        (await ShowAsync("--duration", text)).ShouldContain($"duration={seconds} ");

    [TestCase("5min")]
    [TestCase("m5")]
    [TestCase("5")]
    [TestCase("30m1h")]
    [TestCase("1h 30m")]
    [TestCase("-00:05:00")]
    [TestCase("-5s")]
    [TestCase("1.5m")]
    [TestCase("99999999d")]
    [TestCase("1e300")]
    [TestCase("Infinity")]
    [TestCase("")]
    public async Task What_is_no_duration_is_refused(string text)
    {
        var run = await _host.RunAsync<Kinds>("show", "--duration=" + (text == "5" ? "5 5" : text));
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("is not a duration (30s, 5m, 1h30m, 0:05:00 or seconds)");
    }

    [TestCase("--far -9000000000", "long=-9000000000 ")]
    [TestCase("--byte 255", "byte=255 ")]
    [TestCase("--exact -1.25", "decimal=-1.25 ")]
    [TestCase("--maybe false", "maybe=False ")]
    [TestCase("--maybe", "maybe=True ")]
    [TestCase("--no-maybe", "maybe=False ")]
    [TestCase("--id 0f8fad5b-d9cb-469f-a165-70867728950e", "guid=0f8fad5b-d9cb-469f-a165-70867728950e ")]
    [TestCase("--release 1.2.3", "release=1.2.3 ")]
    [TestCase("--address ::1", "address=::1 ")]
    [TestCase("--site https://a.example/x", "site=https://a.example/x ")]
    [TestCase("--port p80", "port=80 ")]
    [TestCase("--level high", "level=High ")]
    [TestCase("--stages local production-east", "stages=Local+ProductionEast ")]
    [TestCase("--numbers 1 -2 3", "numbers=1+-2+3 ")]
    [TestCase("--items a,b c", "items=a+b+c ")]
    [TestCase("--items=a,,b,", "items=a+b ")]
    [TestCase("--odd-name x", "renamed=x ")]
    public async Task A_value_becomes_what_its_member_is(string arguments, string expected) =>
        (await ShowAsync(arguments.Split(' '))).ShouldContain(expected);

    [TestCase("--byte 256", "--byte: '256' is not a whole number in range")]
    [TestCase("--byte -1", "--byte: '-1' is not a whole number in range")]
    [TestCase("--exact 0,25", "--exact: '0,25' is not a number")]
    [TestCase("--maybe=maybe", "--maybe: 'maybe' is neither true nor false")]
    [TestCase("--id 7", "--id: '7' is not valid")]
    [TestCase("--port 80", "--port: '80' is not a valid Port")]
    [TestCase("--site somewhere", "--site: 'somewhere' is not an absolute address")]
    [TestCase("--level highest", "--level: 'highest' is not valid: no such level")]
    [TestCase("--numbers 1 two", "--numbers: '1 two' is not a whole number in range")]
    [TestCase(
        "--stages lokal",
        "--stages: 'lokal' is not one of local, staging, production-east (did you mean local?)"
    )]
    [TestCase("--maybe --no-maybe=true", "unknown option --no-maybe")]
    public async Task A_value_of_another_kind_is_refused(string arguments, string expected)
    {
        var run = await _host.RunAsync<Kinds>(["show", .. arguments.Split(' ')]);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(expected);
    }

    [Test]
    public async Task A_list_with_a_separator_is_split_in_the_environment_and_in_a_file_too()
    {
        _host.File("parameters.json", """{ "Items": "a,b" }""");
        (await ShowAsync()).ShouldContain("items=a+b ");
        _host.Environment["RECYCLIC_ITEMS"] = "c d,e";
        (await ShowAsync()).ShouldContain("items=c d+e ");
    }

    [TestCase("--tag")]
    [TestCase("--number")]
    [TestCase("--")]
    public async Task A_long_value_is_not_printed_in_full(string kind)
    {
        var text = new string('x', 10_000);
        string[] arguments = kind switch
        {
            "--tag" => ["show", "--numbers", text],
            "--number" => ["show", "--" + text],
            _ => [text],
        };
        var run = await _host.RunAsync<Kinds>(arguments);
        run.ExitCode.ShouldBe(2);
        run.Error.Length.ShouldBeLessThan(500);
        run.Error.ShouldContain("xxx… (10");
    }

    private async Task<string> ShowAsync(params string[] arguments)
    {
        var run = await _host.RunAsync<Kinds>(["show", .. arguments]);
        run.Error.ShouldBe("");
        run.ExitCode.ShouldBe(0);
        return run.Output;
    }

    public readonly record struct Port(int Number)
    {
        public static bool TryParse(string text, out Port port)
        {
            port = default;
            if (!text.StartsWith('p') || !int.TryParse(text.AsSpan(1), CultureInfo.InvariantCulture, out var number))
                return false;
            port = new(number);
            return true;
        }
    }

    [TypeConverter(typeof(Converter))]
    public sealed record Level(string Name)
    {
        private sealed class Converter : TypeConverter
        {
            public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
                value is "high" ? new Level("High") : throw new ArgumentException("no such level");
        }
    }

    public class Kinds : RecyclicBuild
    {
        [Parameter]
        public TimeSpan? Duration { get; set; }

        [Parameter]
        public long Far { get; set; }

        [Parameter]
        public byte Byte { get; set; }

        [Parameter]
        public decimal Exact { get; set; }

        [Parameter]
        public bool? Maybe { get; set; }

        [Parameter]
        public Guid Id { get; set; }

        [Parameter]
        public Version? Release { get; set; }

        [Parameter]
        public IPAddress? Address { get; set; }

        [Parameter]
        public Uri? Site { get; set; }

        [Parameter]
        public Port Port { get; set; }

        [Parameter]
        public Level? Level { get; set; }

        [Parameter]
        public Stage[] Stages { get; set; } = [];

        [Parameter]
        public int[] Numbers { get; set; } = [];

        [Parameter(Separator = ",")]
        public string[] Items { get; set; } = [];

        [Parameter(Name = "OddName")]
        public string? Renamed { get; set; }

        public Target Show =>
            _ =>
                _.Executes(() =>
                    WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"duration={Duration?.TotalSeconds} long={Far} byte={Byte} decimal={Exact} maybe={Maybe} guid={Id} release={Release} address={Address} site={Site} port={Port.Number} level={Level?.Name} stages={string.Join('+', Stages)} numbers={string.Join('+', Numbers)} items={string.Join('+', Items)} renamed={Renamed} "
                        )
                    )
                );
    }
}
