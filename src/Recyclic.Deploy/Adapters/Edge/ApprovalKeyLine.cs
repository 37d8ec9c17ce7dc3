using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Recyclic.Deploy.Model;

namespace Recyclic.Deploy.Adapters.Edge;

/// <summary>
/// Pure: the line of a host's `authorized_keys` by which a key can do two things with one application there and nothing
/// else: see what approving goes by, and append an approval. Whatever the key's owner asks for, sshd runs this command;
/// what was asked for is compared with two words and goes nowhere else.
/// </summary>
/// <param name="Environment">The only one that is approved for; null: the key can only see.</param>
/// <param name="Lifetime">How long an approval may last at most.</param>
internal sealed partial record ApprovalKeyLine(
    Naming Naming,
    Ownership Ownership,
    string? Environment,
    TimeSpan Lifetime
)
{
    /// <summary>What the key's owner asks for.</summary>
    public const string Show = "show",
        Approve = "approve";

    /// <summary>What it exits with where it refuses.</summary>
    public const int Refused = 3;

    private static readonly ImmutableHashSet<string> KeyTypes =
    [
        "ssh-ed25519",
        "sk-ssh-ed25519@openssh.com",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "sk-ecdsa-sha2-nistp256@openssh.com",
        "ssh-rsa",
    ];

    /// <summary>The whole line: `restrict,command="…" ssh-ed25519 … comment`.</summary>
    /// <param name="publicKey">As <see cref="ReadPublicKey"/> gives it.</param>
    /// <param name="nonce">The random part of the mark of its containers.</param>
    public string ToLine(string publicKey, string nonce) =>
        $"restrict,command=\"exec /bin/sh -c '{Script(nonce)}'\" {publicKey}";

    /// <summary>
    /// What the host's shell runs. There is no quotation mark in it, for it stands in two kinds of them, and no text of
    /// somebody else: names and digits of ours alone. The container that appends has the deploy lock's name, which the
    /// engine gives once: while anybody deploys it cannot start, and while it runs nobody deploys. It ends by itself
    /// soon, so that nobody keeps the lock by sending slowly.
    /// </summary>
    private string Script(string nonce)
    {
        // A volume of an earlier version has no label; then its name has to do.
        var known = Ownership.AcceptsUnmarked ? "map*" : $"*{Naming.OwnerLabel}:{Ownership.Token}.*";
        string[] common =
        [
            "--rm --network none --log-driver none --pull never --read-only --tmpfs /tmp --cap-drop ALL",
            "--security-opt no-new-privileges --pids-limit 50",
            $"--label {Naming.AppLabel}={Naming.App} --label {Naming.OwnerLabel}={Ownership.Mark(nonce)}",
            "--label recyclic.by=approval-key --label recyclic.since=$(date -u +%Y-%m-%dT%H:%M:%SZ)",
        ];
        var state = $"--mount {RecordMount.ToText(Naming, Naming.StateRole, Ownership.Mark(nonce))}";
        string[] lines =
        [
            $"case $(docker volume inspect --format {{{{.Labels}}}} {Naming.StateVolume} 2>/dev/null) in {known}) ;; *) echo refused: {Naming.App} was made anew here or is gone: this key needs a new line >&2; exit {Refused} ;; esac",
            $"image=$(docker image inspect --format {{{{.Id}}}} {EdgeImage.Reference} 2>/dev/null || docker container inspect --format {{{{.Image}}}} {Naming.EdgeContainer} 2>/dev/null)",
            $"case $image in sha256:*) ;; *) echo refused: there is no image of an edge here >&2; exit {Refused} ;; esac",
            $"set -- {string.Join(' ', common)}",
            $"case $SSH_ORIGINAL_COMMAND in {Show}) exec docker run $@ --label {Naming.RoleLabel}={EdgeImage.ReaderRole} {state},readonly $image timeout 30 recyclic-approval {Show} </dev/null ;;",
        ];
        var approve = Environment is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $" {Approve}) exec docker run --interactive --name {Naming.LockContainer} $@ --label {Naming.RoleLabel}={EdgeImage.LockRole} {state} $image timeout 30 recyclic-approval {Approve} {Environment} {Lifetime.TotalSeconds:0} ;;"
            );
        var words = Environment is null ? Show : $"{Show} or {Approve}";
        return $"{string.Join("; ", lines)}{approve} *) echo refused: this key is for {words} alone >&2; exit {Refused} ;; esac";
    }

    /// <summary>A public key as its file has it, without what an `authorized_keys` would read as options.</summary>
    /// <exception cref="ConfigurationException">It is none, or more than one.</exception>
    public static string ReadPublicKey(string text)
    {
        var words = text.TrimEnd('\r', '\n', ' ').Split(' ', 3);
        if (
            text.TrimEnd('\r', '\n', ' ').AsSpan().IndexOfAny('\r', '\n') >= 0
            || words.Length < 2
            || !KeyTypes.Contains(words[0])
            || !IsKey(words[0], words[1])
        )
            throw new ConfigurationException(
                "--public-key",
                text.Contains("PRIVATE KEY", StringComparison.Ordinal)
                    ? "this is a private key, which is nobody's but its owner's"
                    : "the file is not one public key as ssh-keygen writes it",
                "Make a key for approvals alone: ssh-keygen -t ed25519 -N '' -C approve -f approve; and give approve.pub."
            );
        var comment = words.Length == 3 && Comment().IsMatch(words[2]) ? $" {words[2]}" : "";
        return $"{words[0]} {words[1]}{comment}";
    }

    private static bool IsKey(string type, string text)
    {
        var bytes = new byte[text.Length];
        if (!Base64Text().IsMatch(text) || !Convert.TryFromBase64String(text, bytes, out var length) || length < 4)
            return false;
        var named = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return named == type.Length
            && length > 4 + type.Length
            && Encoding.ASCII.GetString(bytes, 4, type.Length) == type;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9+/]{20,4000}={0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Base64Text();

    [GeneratedRegex(@"\A[A-Za-z0-9@._ -]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Comment();
}
