using NUnit.Framework.Interfaces;
using Recyclic.EndToEnd.Support;

[assembly: InTime]

namespace Recyclic.EndToEnd.Support;

/// <summary>
/// No test begins after <see cref="Settings.Until"/>: on a machine so slow, a run that says what it left out is worth
/// more than one that is ended in the middle.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class InTimeAttribute : Attribute, ITestAction
{
    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test) => OrIgnore();

    public void AfterTest(ITest test) { }

    public static void OrIgnore()
    {
        if (DateTimeOffset.UtcNow > Settings.Until)
            Assert.Ignore($"out of time: no test was to begin after {Settings.Until:HH:mm} UTC (RECYCLIC_E2E_UNTIL)");
    }
}
