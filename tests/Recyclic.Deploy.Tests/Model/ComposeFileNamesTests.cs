namespace Recyclic.Deploy.Tests.Model;

internal sealed class ComposeFileNamesTests
{
    [TestCase("docker-compose.yml", "docker-compose.yml")]
    [TestCase("docker-compose.yaml docker-compose.yml compose.yml compose.yaml", "compose.yaml")]
    [TestCase("docker-compose.yml docker-compose.override.yml", "docker-compose.yml docker-compose.override.yml")]
    [TestCase("compose.yaml docker-compose.override.yaml", "compose.yaml docker-compose.override.yaml")]
    [TestCase("compose.yml compose.override.yml docker-compose.override.yml", "compose.yml compose.override.yml")]
    [TestCase("compose.override.yml", "docker-compose.yml")]
    [TestCase("", "docker-compose.yml")]
    public void Files_are_found_in_composes_own_order(string there, string found) =>
        string.Join(
                ' ',
                ComposeFileNames
                    .In("/srv/shop", path => there.Split(' ').Contains(Path.GetFileName(path)))
                    .Select(Path.GetFileName)
            )
            .ShouldBe(found);
}
