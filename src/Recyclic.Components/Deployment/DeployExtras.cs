using Recyclic.Components.Adapters;
using Recyclic.Deploy.Hooks;
using Recyclic.Deploy.Model;
using Recyclic.Deploy.Planning;
using Recyclic.Deploy.Smoke;

namespace Recyclic.Components;

/// <summary>What a build adds to a deploy: its smoke tests and its hooks.</summary>
internal static class DeployExtras
{
    /// <param name="isDeploy">False: a way back, which no hook that cannot run may stop.</param>
    /// <exception cref="ConfigurationException">One of them is of no use.</exception>
    public static DeployOptions Of(
        IHazDeployment build,
        DeployOptions options,
        bool isDeploy,
        Action<string> say,
        Action<string> warn
    )
    {
        var files = HookFiles.In(build.HooksDirectory, build.RootDirectory);
        if (isDeploy && !files.Problems.IsEmpty)
            throw new ConfigurationException(files.Problems);
        foreach (var problem in files.Problems)
            warn($"{problem.Place}: {problem.What}; it does not run");
        var reason = build.Deployment.SkipSmokeTests;
        if (reason is not null && string.IsNullOrWhiteSpace(reason))
            throw new ConfigurationException(
                "--skip-smoke-tests",
                "there is no reason",
                "Say why: --skip-smoke-tests \"<why>\"."
            );
        return options with
        {
            SmokeTests = Declared("SmokeTests", () => build.SmokeTests(SmokeTests.None)) with
            {
                Skipped = reason is null ? null : PrintableText.Of(reason, 200),
            },
            Hooks = files.AddTo(
                Declared("Hooks", () => build.Hooks(DeployHooks.None)),
                build,
                build.HookDeadline,
                line => say(PrintableText.Of(line))
            ),
        };
    }

    private static T Declared<T>(string name, Func<T> declare)
    {
        try
        {
            return declare();
        }
        catch (ArgumentException exception)
        {
            throw new ConfigurationException(
                $"the build class, IHazDeployment.{name}",
                PrintableText.Of(exception.Message, 300),
                "Change it there."
            );
        }
    }
}
