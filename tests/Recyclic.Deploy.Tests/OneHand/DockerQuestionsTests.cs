using Recyclic.Deploy.Adapters.Docker;
using Recyclic.Processes;

namespace Recyclic.Deploy.Tests.OneHand;

/// <summary>Which commands the docker command line runs for anybody: those that only ask.</summary>
internal sealed class DockerQuestionsTests
{
    [TestCase("version --format {{json .Server}}")]
    [TestCase("inspect --format {{.Image}} abc")]
    [TestCase("image inspect --format {{.Os}} team/api")]
    [TestCase("logs --tail 5 abc")]
    [TestCase("wait shop-deploy-lock")]
    [TestCase("system dial-stdio")]
    [TestCase("login --username me --password-stdin registry")]
    [TestCase("compose version --short")]
    [TestCase("compose -f a.yml -f b.yml --env-file .env --profile up -p down config --format json")]
    public void A_question_is_run(string arguments) => DockerQuestions.AreOnly(arguments.Split(' ')).ShouldBeTrue();

    private static readonly string[] Changes =
    [
        "run --rm image",
        "create image",
        "start abc",
        "stop abc",
        "restart abc",
        "kill abc",
        "pause abc",
        "unpause abc",
        "rm --force abc",
        "rename abc lock",
        "update --restart no abc",
        "exec abc true",
        "attach abc",
        "cp - abc:/",
        "commit abc image",
        "container rm abc",
        "container prune",
        "rmi image",
        "tag one two",
        "import archive",
        "image rm image",
        "image tag one two",
        "image prune",
        "network create net",
        "network connect net abc",
        "network disconnect net abc",
        "network rm net",
        "network prune",
        "volume create data",
        "volume rm data",
        "volume prune",
        "system prune --all",
        "builder prune",
        "swarm init",
        "service create image",
        "stack deploy shop",
        "plugin install some",
        "context rm other",
        "compose up",
        "compose -p config up --detach",
        "compose -f config down",
        "compose --profile config stop api",
        "compose rm --force",
        "compose run api",
        "--context other rm abc",
        "",
    ];

    [TestCaseSource(nameof(Changes))]
    public void A_change_is_not(string arguments)
    {
        DockerQuestions.AreOnly(arguments.Split(' ')).ShouldBeFalse();
        DockerQuestions.AreOfABuild(arguments.Split(' ')).ShouldBeFalse();
    }

    [TestCaseSource(nameof(Changes))]
    public async Task Nobody_but_the_hand_on_the_host_has_a_change_run(string arguments)
    {
        var runner = new RecordingRunner();
        var docker = new DockerCli(runner);
        var command = Command.Of("docker", arguments.Split(' '));
        await Should.ThrowAsync<InvalidOperationException>(() => docker.ReadAsync(command.Arguments, default));
        await Should.ThrowAsync<InvalidOperationException>(() => docker.RunAsync(command, default));
        await Should.ThrowAsync<InvalidOperationException>(() => docker.TryBuildAsync(command, default));
        Should.Throw<InvalidOperationException>(() => docker.StartStream(command.Arguments));
        runner.Commands.ShouldBeEmpty();
    }

    [TestCase("build --quiet --tag team/api .")]
    [TestCase("buildx build .")]
    [TestCase("push team/api:1")]
    [TestCase("compose --progress plain -p shop -f - build")]
    public void Images_are_built_and_pushed_by_commands_of_their_own(string arguments)
    {
        DockerQuestions.AreOfABuild(arguments.Split(' ')).ShouldBeTrue();
        DockerQuestions.AreOnly(arguments.Split(' ')).ShouldBeFalse();
    }
}
