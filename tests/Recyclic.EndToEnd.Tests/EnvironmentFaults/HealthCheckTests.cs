using Recyclic.EndToEnd.Support;

namespace Recyclic.EndToEnd.EnvironmentFaults;

/// <summary>A health check that cannot be trusted. The service behind it is sound.</summary>
public sealed class HealthCheckTests : FaultTests
{
    private protected override bool IsForAllFaultsOnly => true;

    /// <summary>Where the sample's images have their health check.</summary>
    private const string Probe = "/usr/local/bin/probe";

    [TestCase("hangs", "sleep 600", 1)]
    [TestCase("lies-once", "[ -e /tmp/asked ] && exit 1; : > /tmp/asked; exit 0", 1)]
    [TestCase("flaps", "if [ -e /tmp/asked ]; then rm /tmp/asked; exit 1; fi; : > /tmp/asked; exit 0", 0)]
    public async Task A_health_check_that_misbehaves_costs_no_request(string how, string script, int exitCode)
    {
        await Stack.EnsureAsync(One, Token);
        var doubtful = await Images.DeriveApiAsync(
            how,
            $"USER 0\nRUN printf '%s\\n' '#!/bin/sh' '{script}' > {Probe} && chmod 0755 {Probe}\nUSER 10001",
            Token
        );
        await using var site = await Site.OpenAsync(Stack, Token);

        var result = (await Stack.DeployAsync(doubtful, Token, "--deploy-timeout", "15")).ShouldExitWith(exitCode);

        if (exitCode == 1)
            result.All.ShouldContain("-api-1 ");
        await Stack.ShouldServeAsync(exitCode == 0 ? doubtful : One, Token);
        await ShouldBeRightAfterDeployAsync(Two);
        await site.CloseFlawlesslyAsync(Token);
    }
}
