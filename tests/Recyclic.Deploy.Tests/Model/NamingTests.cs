namespace Recyclic.Deploy.Tests.Model;

public sealed class NamingTests
{
    private static readonly string[] Neighbours =
    [
        "a",
        "a-blue",
        "a_blue",
        "a-blue-edge",
        "a-green",
        "a-edge",
        "a_slot",
        "a-",
        "a--",
        "a_b",
        "a-deploy",
        "a-deploy-lock",
        "a-deploy-queue",
        "blue",
        "zz",
    ];

    [Test]
    public void No_name_of_one_application_is_one_of_another()
    {
        foreach (
            var names in new Func<Naming, IEnumerable<string>>[]
            {
                naming => [naming.EdgeContainer, naming.LockContainer],
                naming => naming.Networks,
                naming => [naming.StateVolume],
                naming => [naming.SlotProject(Slot.Blue), naming.SlotProject(Slot.Green), naming.App],
            }
        )
            Neighbours.SelectMany(app => names(new Naming(app))).ShouldBeUnique();
    }

    /// <summary>
    /// Compose writes `project-service-1`, `project_network` and `project_volume`, and a project's name has no dot.
    /// </summary>
    [Test]
    public void No_name_is_one_that_compose_makes_of_a_project()
    {
        foreach (var naming in Neighbours.Select(app => new Naming(app)))
        {
            naming
                .Networks.Add(naming.StateVolume)
                .ShouldAllBe(name =>
                    name.Contains('.')
                    && (!name.Contains('_') || name.IndexOf('.') < name.IndexOf('_') || name == naming.StateVolume)
                );
            foreach (var container in new[] { naming.EdgeContainer, naming.LockContainer })
                container.Split('-')[^1].ShouldNotBe("1");
        }
    }

    [
        TestCase("shop--blue", false),
        TestCase("shop--green", false),
        TestCase("shop-blue", true),
        TestCase("a--", true),
        TestCase("Shop", false),
        TestCase("", false)
    ]
    public void The_project_of_a_slot_is_no_applications_name(string name, bool valid) =>
        Naming.IsValid(name).ShouldBe(valid);

    [TestCase("api", "blue--api"), TestCase("my_api-2", "blue--my_api-2")]
    public void The_edge_finds_a_service_by_a_name_without_a_dot(string service, string alias) =>
        Naming.EdgeAlias(service, Slot.Blue).ShouldBe(alias);

    [TestCase("my.api"), TestCase("a23456789012345678901234567890123456789012345678901234567890123")]
    public void However_it_is_called(string service)
    {
        var alias = Naming.EdgeAlias(service, Slot.Green);
        alias.ShouldNotContain('.');
        alias.Length.ShouldBeLessThan(64);
        alias.ShouldNotBe(Naming.EdgeAlias(service + "x", Slot.Green));
        Naming.IsReservedAlias(alias).ShouldBeTrue();
    }
}
