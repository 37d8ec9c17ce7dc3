using Recyclic.Build;

/// <summary>The cost of the host itself: what a start takes when nothing is to be done.</summary>
partial class Build
{
    Target Nop => _ => _
        .Description("Does nothing; for measuring the start")
        .Unlisted()
        .Executes(() => { });
}
