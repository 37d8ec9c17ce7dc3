using System.Collections.Immutable;
using Recyclic.Deploy.Model;
using Recyclic.Processes;

namespace Recyclic.Deploy.Adapters.Faults;

/// <summary>
/// What <see cref="Fault.Variable"/> needs to be obeyed: a private file, made for this very fault by whoever strikes on
/// purpose. A variable that somebody has set, or has left set, strikes nothing.
/// </summary>
public static class FaultPass
{
    /// <summary>The environment variable that names the file.</summary>
    public const string Variable = "RECYCLIC_FAULT_PASS";

    private const int LongestText = 200;

    /// <summary>Makes a pass for one fault.</summary>
    /// <param name="folder">Only its owner may look into it; the pass is void once it is deleted.</param>
    /// <returns>The variables with which a command is struck.</returns>
    public static ImmutableDictionary<string, string> Grant(string folder, Fault fault)
    {
        var file = Path.Combine(folder, $"fault-{Guid.NewGuid():N}");
        PrivateFiles.Write(file, $"{fault}");
        return ImmutableDictionary<string, string>.Empty.Add(Fault.Variable, $"{fault}").Add(Variable, file);
    }

    /// <summary>Whether a file is a pass for what <see cref="Fault.Variable"/> asks for.</summary>
    /// <param name="file">What <see cref="Variable"/> says; null or empty: there is none.</param>
    public static bool IsFor(string? asked, string? file)
    {
        try
        {
            return file is { Length: > 0 }
                && Path.IsPathRooted(file)
                && new FileInfo(file) is { Exists: true, LinkTarget: null, Length: <= LongestText }
                && PrivateFiles.IsPrivate(file)
                && File.ReadAllText(file) == asked;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
