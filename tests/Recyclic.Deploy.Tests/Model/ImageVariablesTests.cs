namespace Recyclic.Deploy.Tests.Model;

internal sealed class ImageVariablesTests
{
    [TestCase("image: \"${API_IMAGE}\"", "API_IMAGE", false)]
    [TestCase("    image: ${API_IMAGE}   # by hand", "API_IMAGE", false)]
    [TestCase("  api: { image: '${API_IMAGE}', expose: [\"80\"] }", "API_IMAGE", false)]
    [TestCase("image: $API_IMAGE\r\n", "API_IMAGE", false)]
    [TestCase("\"image\": \"${API_IMAGE:?say which}\"", "API_IMAGE", false)]
    [TestCase("image: ${API_IMAGE:-team/api:${V:-1}}", "API_IMAGE", true)]
    [TestCase("image: ${API_IMAGE-}", "API_IMAGE", true)]
    [TestCase("image: ${REGISTRY}/api:${TAG}", null, false)]
    [TestCase("image: ${REGISTRY:+${REGISTRY:-}/}team/api:1", null, false)]
    [TestCase("image: $NAME:1", null, false)]
    [TestCase("my-image: ${OTHER}", null, false)]
    [TestCase("image: $${LITERAL}", null, false)]
    [TestCase("image: ${UNENDED", null, false)]
    [TestCase("image: team/api", null, false)]
    public void A_variable_that_may_be_a_whole_image_is_found_in_the_text(string text, string? name, bool hasDefault)
    {
        var found = ImageVariables.In(["services:", text]);
        if (name is null)
            found.ShouldBeEmpty();
        else
            found.ShouldBe([new ImageVariable(name, hasDefault)]);
    }

    [Test]
    public void A_release_gives_it_name_and_tag_by_what_it_is_set_to() =>
        Set(values: [("API_IMAGE", "registry.example:5000/team/api:0.9")])
            .ShouldBe(new Dictionary<string, string> { ["API_IMAGE"] = "registry.example:5000/team/api:v1" });

    [Test]
    public void The_name_of_the_file_goes_before_that_and_the_command_lines_before_both()
    {
        Set(values: [("API_IMAGE", "old/api:1")], extension: """{ "image": "team/api" }""")["API_IMAGE"]
            .ShouldBe("team/api:v1");
        Set(
            values: [("API_IMAGE", "old/api:1")],
            extension: """{ "image": "team/api" }""",
            names: [("api", "mine/api")]
        )["API_IMAGE"]
            .ShouldBe("mine/api:v1");
    }

    [TestCase("team/api", "ghcr.io/acme/team/api:v1")]
    [TestCase("registry.example/team/api", "registry.example/team/api:v1")]
    [TestCase("localhost/api", "localhost/api:v1")]
    public void A_registry_goes_before_a_name_that_has_none(string name, string image) =>
        Set(names: [("api", name)], registry: "ghcr.io/acme")["API_IMAGE"].ShouldBe(image);

    [TestCase("postgres:16")]
    [TestCase("nginx")]
    public void What_is_known_to_keep_data_or_to_stand_in_front_is_left_as_it_is(string value)
    {
        Set(values: [("API_IMAGE", value)]).ShouldBeEmpty();
        Set(values: [("API_IMAGE", value)], extension: """{ "release": true }""").ShouldNotBeEmpty();
    }

    [Test]
    public void What_the_file_keeps_out_or_has_a_default_for_is_left_as_it_is()
    {
        Set(extension: """{ "release": false }""").ShouldBeEmpty();
        Set(hasDefault: true).ShouldBeEmpty();
        Set(asked: ["web"]).ShouldBeEmpty();
    }

    [Test]
    public void One_that_nothing_names_is_taken_to_have_the_services_name() => Set()["API_IMAGE"].ShouldBe("api:v1");

    [Test]
    public void One_that_nothing_names_and_whose_service_is_called_like_a_known_image_is_refused_with_what_names_it()
    {
        var refused = Should.Throw<ConfigurationException>(() => Set(service: "redis")).Problems.ShouldHaveSingleItem();
        refused.Place.ShouldBe("docker-compose.yml: services.redis");
        refused.What.ShouldBe(
            "its image is the variable API_IMAGE, which is not set, so nothing says which image it is"
        );
        refused.Mend.ShouldContain("--image redis=<name>");
    }

    [TestCase("team/api:1.4", true)]
    [TestCase("team/api@sha256:0123", true)]
    [TestCase("registry.example:5000/team/api", false)]
    public void Where_nobody_gives_a_tag_a_variable_that_is_a_whole_image_is_taken_as_written(
        string value,
        bool isWhole
    )
    {
        Without("{}").IsEmpty.ShouldBe(isWhole);
        Without("{ \"build\": {} }").ShouldNotBeEmpty("it is built here, by a tag");
        Without("{}", ("api", "team/api")).ShouldNotBeEmpty("somebody gives its name");

        ImmutableSortedDictionary<string, ImageVariable> Without(
            string service,
            params (string Service, string Name)[] names
        ) =>
            ImageVariables.WithoutWhole(
                Given.ComposeOf($$"""{ "name": "shop", "services": { "api": {{service}} } }""", "v1"),
                ImmutableSortedDictionary<string, ImageVariable>.Empty.Add(
                    "api",
                    new ImageVariable("API_IMAGE", false)
                ),
                new Dictionary<string, string> { ["API_IMAGE"] = value },
                names.ToImmutableSortedDictionary(name => name.Service, name => name.Name)
            );
    }

    [Test]
    public void A_digest_is_refused() =>
        Should
            .Throw<ConfigurationException>(() => Set(values: [("API_IMAGE", "team/api@sha256:" + new string('a', 64))]))
            .Message.ShouldContain("a digest has no tag");

    [TestCase("a b")]
    [TestCase("team/$(x)")]
    [TestCase("\e[31m")]
    public void What_is_no_name_is_refused(string name) =>
        Should
            .Throw<ConfigurationException>(() => Set(names: [("api", name)]))
            .Message.ShouldContain("cannot be an image's name");

    [Test]
    public void A_name_for_a_service_without_such_a_variable_is_refused() =>
        Should
            .Throw<ConfigurationException>(() => Set(names: [("api", "a/b"), ("web", "a/b")]))
            .Problems.ShouldHaveSingleItem()
            .What.ShouldBe("the image of web is not one variable");

    [Test]
    public void Two_services_of_one_variable_have_one_image()
    {
        Set(also: "API_IMAGE", names: [("api", "team/a"), ("web", "team/a")]).Count.ShouldBe(1);
        Should
            .Throw<ConfigurationException>(() => Set(also: "API_IMAGE", names: [("api", "team/a"), ("web", "team/b")]))
            .Message.ShouldContain("is to be team/b:v1 here and team/a:v1 for another service");
    }

    [Test]
    public void What_compose_would_name_is_named_as_compose_does_with_the_tag()
    {
        var compose = Given.ComposeOf(
            """{ "name": "shop", "services": { "web": { "build": {} }, "db": { "image": "postgres:16" } } }""",
            "v1"
        );
        var named = ComposeImages.Name(compose, ReleaseTag.Parse("v1"), null);
        named.Resolved["services"]!["web"]!["image"]!.GetValue<string>().ShouldBe("shop-web:v1");
        (named.Choice.ToString(), named.Choice.IsFile).ShouldBe(("released: web; accessories: db", false));
        ImageVariables.OfBuilt("shop", "web", "v1", "ghcr.io/acme").ShouldBe("ghcr.io/acme/shop-web:v1");
    }

    private static ImmutableDictionary<string, string> Set(
        (string, string)[]? values = null,
        string extension = "{}",
        (string, string)[]? names = null,
        string? registry = null,
        bool hasDefault = false,
        string[]? asked = null,
        string? also = null,
        string service = "api"
    )
    {
        var compose = Given.ComposeOf(
            $$"""{ "name": "shop", "services": { "{{service}}": { "image": "x", "x-recyclic": {{extension}} }, "web": { "image": "y" } } }""",
            "v1"
        );
        if (asked is not null)
            compose = compose with { Asked = [.. asked] };
        var variables = ImmutableSortedDictionary<string, ImageVariable>.Empty.Add(
            service,
            new ImageVariable("API_IMAGE", hasDefault)
        );
        if (also is not null)
            variables = variables.Add("web", new ImageVariable(also, hasDefault));
        return ImageVariables.Set(
            compose,
            variables,
            (values ?? []).ToDictionary(value => value.Item1, value => value.Item2),
            (names ?? []).ToImmutableSortedDictionary(name => name.Item1, name => name.Item2),
            "v1",
            registry
        );
    }
}
