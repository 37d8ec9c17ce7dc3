using Recyclic.Deploy.Model;

namespace Recyclic.Compose.Tests;

/// <summary>Input that is wrong, or meant to hurt: each has its place and its mend, and nothing is touched.</summary>
[Category("Docker"), CancelAfter(60_000), Parallelizable(ParallelScope.Children)]
public sealed class BadInputTests
{
    private static string Long { get; } = new('a', 300);

    [Test]
    public async Task A_tag_variable_that_no_image_uses_is_refused(CancellationToken cancellationToken)
    {
        using var reading = new Reading { Settings = new() { TagVariable = "VERSION" } };
        var problem = (
            await reading.ProblemsAsync("web: { image: \"web:${TAG}\" }", cancellationToken)
        ).ShouldHaveSingleItem();
        problem.What.ShouldBe("no image uses the tag variable VERSION");
        problem.Mend.ShouldContain("--tag-variable <name>");
    }

    [Test]
    public async Task Two_services_that_want_one_variable_to_be_two_images_are_refused(
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        var problem = (
            await Should.ThrowAsync<ConfigurationException>(() =>
                reading.ServicesAsync(
                    "web: { image: \"${APP_IMAGE}\", x-recyclic: { image: team/web } }\napi: { image: \"${APP_IMAGE}\", x-recyclic: { image: team/api } }",
                    cancellationToken
                )
            )
        ).Problems.ShouldHaveSingleItem();
        problem.What.ShouldContain("the variable APP_IMAGE is to be ");
        problem.Mend.ShouldContain("a variable for each");
    }

    [Test]
    public async Task An_image_variable_with_a_digest_is_refused_where_a_tag_is_given(
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading();
        await reading.WriteAsync(".env", $"WEB_IMAGE=team/web@sha256:{new string('0', 64)}\n");
        const string Web = "web: { image: \"${WEB_IMAGE}\" }";
        var problem = (
            await Should.ThrowAsync<ConfigurationException>(() => reading.ServicesAsync(Web, cancellationToken))
        ).Problems.ShouldHaveSingleItem();
        problem.What.ShouldContain("a digest has no tag");
        problem.Mend.ShouldContain("--image web=<name>");
        reading.Settings = new() { IsTagGiven = false };
        (await reading.ServicesAsync(Web, cancellationToken)).IsFileRelease.ShouldBeTrue(
            "without a tag it is taken as written"
        );
    }

    [Test]
    public async Task Files_that_include_each_other_are_refused(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        await reading.WriteAsync("other.yml", "include: [docker-compose.yml]\nservices: { db: { image: \"db:1\" } }\n");
        var problem = (
            await Should.ThrowAsync<ConfigurationException>(() =>
                reading.TextAsync(
                    "include: [other.yml]\nservices: { web: { image: \"web:${TAG}\" } }\n",
                    cancellationToken,
                    "test"
                )
            )
        ).Problems.ShouldHaveSingleItem();
        problem.Place.ShouldBe(reading.File);
        problem.What.ShouldContain("include cycle");
    }

    [Test]
    public async Task A_file_that_would_swell_without_end_is_refused(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var lines = Enumerable
            .Range(1, 20)
            .Select(level => $"x-{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]");
        var text =
            $"name: test\nx-0: &a0 [lol, lol]\n{string.Join('\n', lines)}\nservices: {{ web: {{ image: \"web:${{TAG}}\", environment: {{ A: b }}, labels: *a20 }} }}\n";
        var problem = (
            await Should.ThrowAsync<ConfigurationException>(() => reading.TextAsync(text, cancellationToken))
        ).Problems.ShouldHaveSingleItem();
        problem.Place.ShouldBe(reading.File);
        problem.What.ShouldContain("its aliases would make more than");
    }

    private static readonly string[] Names = ["my web", "\"web", "web'", "\U0001F680", "w\u0000b", "-web", Long];

    [TestCaseSource(nameof(Names))]
    public async Task A_name_that_no_service_can_have_is_refused(string name, CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var problem = (
            await Should.ThrowAsync<ConfigurationException>(() =>
                reading.TextAsync(
                    $"name: test\nservices:\n  {System.Text.Json.JsonSerializer.Serialize(name)}: {{ image: \"web:${{TAG}}\" }}\n",
                    cancellationToken
                )
            )
        ).Problems.First();
        problem.Place.ShouldStartWith(reading.File);
        problem.What.Length.ShouldBeLessThan(1000);
        problem.Mend.ShouldNotBeEmpty();
    }

    /// <summary>No command line can carry a zero byte.</summary>
    private static readonly IEnumerable<string> TypedNames = Names.Where(name =>
        !name.Contains('\0', StringComparison.Ordinal)
    );

    [TestCaseSource(nameof(TypedNames))]
    public async Task A_name_that_no_application_can_have_is_refused(string name, CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var problem = (
            await Should.ThrowAsync<ConfigurationException>(() =>
                reading.TextAsync("services: { web: { image: \"web:${TAG}\" } }\n", cancellationToken, name)
            )
        ).Problems.ShouldHaveSingleItem();
        problem.Place.ShouldBe("--project");
    }

    [TestCaseSource(nameof(Names))]
    public async Task A_service_that_is_asked_for_by_such_a_name_is_not_there(
        string name,
        CancellationToken cancellationToken
    )
    {
        using var reading = new Reading { Settings = new() { Released = [name] } };
        var problem = (await reading.ProblemsAsync("web: { image: \"web:${TAG}\" }", cancellationToken)).First(each =>
            each.Place == "--release"
        );
        problem.What.ShouldStartWith("there is no service ");
        problem.Mend.ShouldContain("web");
    }

    [Test]
    public async Task A_path_with_quotes_spaces_and_an_emoji_is_a_path(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        var folder = Directory.CreateDirectory(Path.Combine(reading.Root, "it's \"my\" \U0001F680 shop"));
        var file = Path.Combine(folder.FullName, "docker-compose.yml");
        await File.WriteAllTextAsync(
            file,
            "name: test\nservices: { web: { image: \"web:${TAG}\", volumes: [\"./a b:/c\"] } }\n",
            cancellationToken
        );
        (await reading.ReadAsync(file, cancellationToken)).Services.ShouldHaveSingleItem().Name.ShouldBe("web");
    }

    [Test]
    public async Task A_file_that_goes_away_between_two_readings_is_named(CancellationToken cancellationToken)
    {
        using var reading = new Reading();
        await reading.WriteAsync("secret.txt", "s");
        const string Text =
            "name: test\nservices: { web: { image: \"web:${TAG}\", secrets: [s] } }\nsecrets: { s: { file: ./secret.txt } }\n";
        await reading.TextAsync(Text, cancellationToken);
        File.Delete(Path.Combine(reading.Root, "secret.txt"));
        var problem = (
            await Should.ThrowAsync<ConfigurationException>(() => reading.TextAsync(Text, cancellationToken))
        ).Problems.ShouldHaveSingleItem();
        problem.What.ShouldContain("secret.txt, which does not exist");
        File.Delete(reading.File);
        (
            await Should.ThrowAsync<ConfigurationException>(() => reading.ReadAsync(reading.File, cancellationToken))
        ).Message.ShouldContain("there is no file");
    }
}
