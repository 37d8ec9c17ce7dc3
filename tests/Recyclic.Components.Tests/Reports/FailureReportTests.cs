using Recyclic.Components.Reports;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Running;

namespace Recyclic.Components.Tests.Reports;

internal sealed class FailureReportTests
{
    private static readonly StepFailedException Unhealthy = new("api is unhealthy", []);

    [Test]
    public void Next_commands_carry_the_options_that_they_need() =>
        FailureReport
            .Of(Outcomes.Of(Outcome.Failed, cause: Unhealthy), " --compose-file /srv/shop.yml")
            .ShouldEndWith(
                "next    a person is needed: ./build.sh Status --compose-file /srv/shop.yml shows how things are, ./build.sh Recover --compose-file /srv/shop.yml puts them right as far as it can"
            );

    [Test]
    public void Without_options_they_are_as_short_as_they_can_be() =>
        FailureReport
            .Of(Outcomes.Of(Outcome.Undone, cause: Unhealthy))
            .ShouldEndWith("next    mend the release and deploy it again; ./build.sh Status shows how things are");
}
