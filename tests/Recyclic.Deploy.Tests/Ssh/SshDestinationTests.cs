using Recyclic.Deploy.Adapters.Docker.Ssh;

namespace Recyclic.Deploy.Tests.Ssh;

/// <summary>Addresses as `DOCKER_HOST` takes them, and what ssh and docker are told of them.</summary>
public class SshDestinationTests
{
    [TestCase("ssh://host", "-- host")]
    [TestCase("ssh://deploy@host.example", "-l deploy -- host.example")]
    [TestCase("ssh://deploy@host:2222", "-l deploy -p 2222 -- host")]
    [TestCase("ssh://deploy@[2001:db8::1]:2222", "-l deploy -p 2222 -- 2001:db8::1")]
    public void An_address_is_told_to_ssh_word_by_word(string address, string arguments)
    {
        var destination = SshDestination.Parse(address).ShouldNotBeNull();
        string.Join(' ', destination.Arguments()).ShouldBe(arguments);
        string.Join(' ', destination.DialStdio).ShouldBe($"{arguments} docker system dial-stdio");
        destination.Socket.ShouldBeNull();
        destination.ToString().ShouldBe(address);
    }

    [Test]
    public void A_path_is_the_engines_socket_on_the_far_side()
    {
        var destination = SshDestination.Parse("ssh://host/run/user/1000/docker.sock").ShouldNotBeNull();
        destination.Socket.ShouldBe("/run/user/1000/docker.sock");
        string.Join(' ', destination.DialStdio)
            .ShouldBe("-- host docker --host unix:///run/user/1000/docker.sock system dial-stdio");
        destination.ToString().ShouldBe("ssh://host/run/user/1000/docker.sock");
    }

    [TestCase("unix:///var/run/docker.sock")]
    [TestCase("tcp://host:2376")]
    [TestCase("context far")]
    [TestCase("ssh://-oProxyCommand=touch")]
    [TestCase("ssh://host name")]
    [TestCase("ssh://")]
    public void Anything_else_is_no_destination(string address) => SshDestination.Parse(address).ShouldBeNull();
}
