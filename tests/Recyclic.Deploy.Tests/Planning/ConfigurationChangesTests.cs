namespace Recyclic.Deploy.Tests.Planning;

/// <summary>What a plan says of the configuration, against that of the release that serves.</summary>
internal sealed class ConfigurationChangesTests
{
    private static readonly Application Before = Web(
        """
        "environment": { "DATABASE_URL": "postgres://ann:geheim-1@db", "OLD": "1", "SAME": "s" },
        "deploy": { "resources": { "limits": { "memory": "268435456" } } },
        "command": ["serve", "--key", "geheim-2"],
        "restart": "always",
        "volumes": [{ "type": "volume", "source": "data", "target": "/data", "volume": {} }],
        "ports": [{ "target": 80, "published": "8080", "protocol": "tcp" }]
        """
    );

    private static readonly Application After = Web(
        """
        "environment": { "DATABASE_URL": "postgres://ann:geheim-3@db", "NEW": "geheim-4", "SAME": "s" },
        "deploy": { "resources": { "limits": { "memory": "536870912" } } },
        "command": ["serve", "--key", "geheim-5"],
        "restart": "always",
        "volumes": [{ "type": "volume", "source": "data", "target": "/data", "read_only": true, "volume": {} }, { "type": "bind", "source": "/srv/x", "target": "/x", "bind": {} }],
        "ports": [{ "target": 80, "published": "8080", "protocol": "tcp" }, { "target": 22, "published": "2222", "protocol": "tcp" }]
        """
    );

    [Test]
    public void Each_setting_that_changes_is_a_line_and_no_value_of_a_variable_is_shown()
    {
        var plan = DeployPlanner.Deploy(After, Running(Before), Given.Release(After, "2"), new DeployOptions());
        var text = plan.ToText();
        text.ShouldContain(
            """
            changes besides the tag
              web  ~ command
              web  ~ memory limit: 268435456 -> 536870912
              web  ~ mount /data: volume data -> volume data, read-only
              web  + mount /x: /srv/x
              web  + port 2222: to 22 tcp
              web  ~ environment DATABASE_URL
              web  + environment NEW
              web  - environment OLD

            """
        );
        text.ShouldNotContain("geheim");
    }

    [Test]
    public void No_container_has_a_value_in_a_label_that_another_one_could_be_compared_with()
    {
        var label = Given
            .Containers(Before, Slot.Blue, Given.Release(Before, "1"))
            .Single()
            .Label(Naming.ConfigurationLabel)!;
        label.ShouldContain("DATABASE_URL");
        foreach (var value in ServiceSettings.VariablesOf(Before, "web").Values)
            label.ShouldNotContain(value);
        label.ShouldNotContain("geheim");
    }

    [Test]
    public void Nothing_is_said_where_nothing_changes_but_the_tag()
    {
        ConfigurationChanges.Of(Before, Running(Before)).ShouldBeEmpty();
        DeployPlanner
            .Deploy(Before, Running(Before), Given.Release(Before, "2"), new DeployOptions())
            .ToText()
            .ShouldNotContain("besides the tag");
        ConfigurationChanges.Of(Before, Snapshot.Empty("shop")).ShouldBeEmpty();
    }

    [Test]
    public void The_tag_of_an_image_is_a_setting_where_the_file_itself_is_the_release()
    {
        var (one, other) = (
            Web("") with
            {
                IsFileRelease = true,
            },
            Web("", "team/web:2.0") with
            {
                IsFileRelease = true,
            }
        );
        ConfigurationChanges.Of(other, Running(one)).ShouldBe([new("web", "image", "team/web:1.4.2", "team/web:2.0")]);
        ConfigurationChanges
            .Of(Web("", "other/web:${TAG}"), Running(Web("")))
            .ShouldBe([new("web", "image", "team/web", "other/web")]);
    }

    [Test]
    public void Services_come_and_go()
    {
        ConfigurationChanges
            .Of(Given.Store, Host.Serving(Given.Shop, "1", Slot.Blue))
            .Where(change => change.Setting is null)
            .ShouldBe([new("bot", null, null, ""), new("web", null, null, "")]);
        ConfigurationChanges
            .Lines(ConfigurationChanges.Of(Given.Shop, Host.Serving(Given.Store, "1", Slot.Blue)))
            .Take(2)
            .ShouldBe(["bot  - service", "web  - service"]);
    }

    [Test]
    public void What_an_earlier_version_started_or_somebody_labelled_is_not_compared(
        [Values(null, "", "{", "null", "{\"settings\":null}", "[]")] string? label
    )
    {
        var now = Running(Before);
        now = now.With(
            Slot.Blue,
            [
                .. now.Blue.Containers.Select(container =>
                    container with
                    {
                        Labels = label is null
                            ? container.Labels.Remove(Naming.ConfigurationLabel)
                            : container.Labels.SetItem(Naming.ConfigurationLabel, label),
                    }
                ),
            ]
        );
        ConfigurationChanges.Of(After, now).ShouldBeEmpty();
    }

    [Test]
    public void A_dollar_sign_reaches_the_label_as_it_reaches_the_container()
    {
        var app = Web("\"environment\": { \"PRICE\": \"5$$\" }, \"working_dir\": \"/a$$b\"");
        var doubled = Given
            .Containers(app, Slot.Blue, Given.Release(app, "1"))
            .Single()
            .Label(Naming.ConfigurationLabel)!;
        ServiceSettings
            .FromLabel(doubled.Replace("$$", "$", StringComparison.Ordinal))!
            .Settings["working_dir"]
            .ShouldBe("/a$b");
        ServiceSettings.VariablesOf(app, "web")["PRICE"].ShouldBe(ServiceSettings.FingerprintOf("5$"));
    }

    /// <summary>
    /// The release of an application serves, and its containers have the variables that the file gives them and one of
    /// their image.
    /// </summary>
    private static Snapshot Running(Application app)
    {
        var now = Host.Serving(app, "1", Slot.Blue);
        return now.With(
            Slot.Blue,
            [
                .. now.Blue.Containers.Select(container =>
                    container with
                    {
                        Variables = ServiceSettings
                            .VariablesOf(app, container.Service)
                            .SetItem("PATH", ServiceSettings.FingerprintOf("/bin")),
                    }
                ),
            ]
        );
    }

    private static Application Web(string attributes, string image = "team/web:${TAG}") =>
        Given.App(
            $$"""
            { "name": "shop", "services": { "web": { "image": "{{image}}", "healthcheck": { "test": ["CMD", "true"] }{{(
                attributes.Length > 0 ? "," : ""
            )}} {{attributes}} } }, "volumes": { "data": { "name": "data" } } }
            """
        );
}
