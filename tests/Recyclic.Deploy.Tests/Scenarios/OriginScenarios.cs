using Recyclic.Deploy.Tests.Fakes;

namespace Recyclic.Deploy.Tests.Scenarios;

/// <summary>Two applications with one name.</summary>
[CancelAfter(30_000)]
internal sealed class OriginScenarios
{
    private static readonly Origin Here = new("laptop", "/home/ann/shop", ["docker-compose.yml"]);
    private static readonly Origin Elsewhere = Here with { Folder = "/home/ann/other" };

    [Test]
    public async Task The_same_name_from_another_folder_is_refused_with_both_and_nothing_is_touched()
    {
        var stage = await DeployedAsync();
        var before = stage.Cluster.Journal.Records.Length;
        stage.Origin = Elsewhere;
        foreach (
            var attempt in new Func<Task>[]
            {
                () => stage.DeployAsync("2"),
                () => stage.RollbackAsync(),
                () => stage.RetireAsync(),
                () => stage.RecoverAsync(),
                () => stage.PlanAsync("2"),
            }
        )
        {
            var message = (await Should.ThrowAsync<ConfigurationException>(attempt)).Message;
            message.ShouldContain(
                "was last deployed from docker-compose.yml in /home/ann/shop on laptop; this is docker-compose.yml in /home/ann/other on laptop"
            );
            message.ShouldContain("--yes");
            message.ShouldContain("--project");
        }
        stage.Cluster.Journal.Records.Length.ShouldBe(before);
    }

    [Test]
    public async Task Whoever_agrees_deploys_from_there_and_is_asked_no_more()
    {
        var stage = await DeployedAsync();
        (stage.Origin, stage.AgreesToOrigin) = (Elsewhere, true);
        (await stage.DeployAsync("2")).Outcome.ShouldBe(Outcome.Success);
        stage.Reporter.Lines.ShouldContain(line =>
            line.Contains("was last deployed from docker-compose.yml in /home/ann/shop")
        );
        stage.AgreesToOrigin = false;
        (await stage.DeployAsync("3")).Outcome.ShouldBe(Outcome.Success);
        stage.Origin = Here;
        await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("4"));
    }

    [Test]
    public async Task A_rollback_that_somebody_agreed_to_does_not_move_the_application()
    {
        var stage = await DeployedAsync();
        (await stage.DeployAsync("2")).Outcome.ShouldBe(Outcome.Success);
        (stage.Origin, stage.AgreesToOrigin) = (Elsewhere, true);
        (await stage.RollbackAsync()).Outcome.ShouldBe(Outcome.Success);
        (stage.Origin, stage.AgreesToOrigin) = (Here, false);
        (await stage.DeployAsync("3")).Outcome.ShouldBe(Outcome.Success);
    }

    [Test]
    public async Task A_name_that_changed_between_the_beginning_and_the_reading_is_refused()
    {
        var stage = new Stage { Origin = Here, IdentifiedAs = "someone-else" };
        (await Should.ThrowAsync<ConfigurationException>(() => stage.DeployAsync("1"))).Message.ShouldContain(
            "the application's name was someone-else and is"
        );
    }

    private static async Task<Stage> DeployedAsync()
    {
        var stage = new Stage { Origin = Here };
        (await stage.DeployAsync("1")).Outcome.ShouldBe(Outcome.Success);
        return stage;
    }
}
