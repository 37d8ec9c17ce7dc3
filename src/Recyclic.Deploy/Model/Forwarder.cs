using System.Security.Cryptography;
using System.Text;

namespace Recyclic.Deploy.Model;

/// <summary>
/// Pure: the configuration of an HAProxy that hands the connections to some ports to the edge, by a socket for each in
/// the volume of the records, and says who called: what a door and a gate are.
/// </summary>
internal static class Forwarder
{
    /// <summary>
    /// For how long a connection waits for an edge that is being started, in seconds: HAProxy tries once a second.
    /// </summary>
    private const int Patience = 30;

    /// <summary>
    /// How many files and sockets it has open at most, which is two a connection. Without a number HAProxy makes room
    /// for as many as the engine lets a container open, which takes more memory than all else that it does.
    /// </summary>
    private const int MostFiles = 40_000;

    /// <param name="ports">Each with the path at which the edge answers for it.</param>
    public static string Text(IEnumerable<(int Port, string Path)> ports)
    {
        var text = new StringBuilder(
            $"""
            global
                stats socket {Door.AdminSocket} mode 600 level admin expose-fd listeners
                fd-hard-limit {MostFiles}
                hard-stop-after 24h
                # Who is asked to end goes on taking connections for this long: those that the kernel has and HAProxy does
                # not have yet would be reset.
                grace 500ms

            defaults
                mode tcp
                retries {Patience}
                timeout connect 2s
                timeout client 24h
                timeout server 24h

            """
        );
        foreach (var (port, path) in ports)
            text.Append(
                $"""

                listen port-{port}
                    bind :{port}
                    server edge unix@{path} send-proxy-v2

                """
            );
        return text.ToString();
    }

    /// <summary>Changes when the text does.</summary>
    public static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    /// <summary>It begins with its hash, by which it is known whether it is in place.</summary>
    public static string Headed(string text) => $"# {HashOf(text)}\n{text}";
}
