using Recyclic.Deploy.Model;

namespace Recyclic.Docs.Tests;

/// <summary>docs/your-compose-file.md says what the code does with each attribute.</summary>
public class ComposeFilePageTests
{
    private const string Page = "docs/your-compose-file.md";

    [Test]
    public void The_table_of_attributes_is_that_of_the_code()
    {
        var shown = Docs.Read(Page).Split("<!-- attributes:begin -->\n")[1].Split("<!-- attributes:end -->")[0];
        shown.ShouldBe(ComposeAttributes.ToMarkdown(), $"put this on {Page}");
    }

    [Test]
    public void The_table_of_well_known_ports_is_that_of_the_code()
    {
        var shown = Docs.Read(Page).Split("<!-- ports:begin -->\n")[1].Split("<!-- ports:end -->")[0];
        shown.ShouldBe(WellKnownPort.ToMarkdown(), $"put this on {Page}");
    }
}
