namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>What all roles of one engine share: who asks it, who knows what is its, and who changes it.</summary>
internal sealed class DockerHost
{
    public DockerHost(DockerCli docker)
    {
        Docker = docker;
        Client = new EngineClient(docker);
        var images = new ImageLabels(Client);
        Objects = new HostObjects(Client, images);
        Changes = new HostChanges(docker, Objects, Client);
        Records = new AppRecords(Changes, Client, images);
        Reader = new HostReader(Client, Records, images, Objects);
    }

    /// <summary>For questions that the engine's API has no answer to.</summary>
    public DockerCli Docker { get; }

    public EngineClient Client { get; }

    public HostObjects Objects { get; }

    public HostChanges Changes { get; }

    public AppRecords Records { get; }

    public HostReader Reader { get; }
}
