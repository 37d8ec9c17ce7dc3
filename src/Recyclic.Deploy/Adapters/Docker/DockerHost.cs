namespace Recyclic.Deploy.Adapters.Docker;

/// <summary>What all roles of one engine share: who asks it, who knows what is its, and who changes it.</summary>
internal sealed class DockerHost
{
    public DockerHost(DockerCli docker)
    {
        Docker = docker;
        Client = new EngineClient(docker);
        Images = new ImageLabels(Client);
        Objects = new HostObjects(Client, Images);
        Changes = new HostChanges(docker, Objects, Client);
        Records = new AppRecords(Changes, Client, Images);
        Reader = new HostReader(Client, Records, Images, Objects);
    }

    /// <summary>For questions that the engine's API has no answer to.</summary>
    public DockerCli Docker { get; }

    public EngineClient Client { get; }

    public ImageLabels Images { get; }

    public HostObjects Objects { get; }

    public HostChanges Changes { get; }

    public AppRecords Records { get; }

    public HostReader Reader { get; }
}
