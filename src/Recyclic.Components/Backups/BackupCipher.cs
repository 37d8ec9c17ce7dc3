using System.Security.Cryptography;

namespace Recyclic.Components.Backups;

/// <summary>
/// Encrypts as `openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -md sha256` does, so that a backup is read without this
/// program. What that form has not, a proof that nobody changed it, is an HMAC of the whole file beside it.
/// </summary>
internal sealed class BackupCipher : IDisposable
{
    /// <summary>What a file begins with, before eight bytes of salt.</summary>
    private static readonly byte[] Magic = [.. "Salted__"u8];

    private const int Rounds = 600_000;

    /// <summary>The shortest key that is taken, in characters.</summary>
    public const int ShortestKey = 20;

    private readonly Aes _aes = Aes.Create();
    private readonly byte[] _header;

    private BackupCipher(string key, byte[] header)
    {
        _header = header;
        // The first 48 bytes are what openssl makes of it too.
        var bytes = Rfc2898DeriveBytes.Pbkdf2(key, header[Magic.Length..], Rounds, HashAlgorithmName.SHA256, 80);
        _aes.Mode = CipherMode.CBC;
        _aes.Padding = PaddingMode.PKCS7;
        _aes.Key = bytes[..32];
        _aes.IV = bytes[32..48];
        MacKey = bytes[48..];
    }

    /// <summary>Proves a whole file.</summary>
    public byte[] MacKey { get; }

    /// <summary>For a new file.</summary>
    public static BackupCipher New(string key) => new(key, [.. Magic, .. RandomNumberGenerator.GetBytes(8)]);

    /// <summary>For a file that begins so; it is read up to the first encrypted byte.</summary>
    /// <exception cref="InvalidDataException">It does not begin as such a file does.</exception>
    public static BackupCipher Of(string key, Stream file)
    {
        var header = new byte[Magic.Length + 8];
        return
            file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
            && header.AsSpan(0, Magic.Length).SequenceEqual(Magic)
            ? new(key, header)
            : throw new InvalidDataException("the file does not begin as an encrypted backup does");
    }

    /// <summary>Writes the head, and encrypts what is written from then on; the end comes with the disposal.</summary>
    public Stream Encrypt(Stream file)
    {
        file.Write(_header);
        return new CryptoStream(file, _aes.CreateEncryptor(), CryptoStreamMode.Write, leaveOpen: true);
    }

    /// <summary>What is in a file, from behind its head on.</summary>
    public Stream Decrypt(Stream file) =>
        new CryptoStream(file, _aes.CreateDecryptor(), CryptoStreamMode.Read, leaveOpen: true);

    public void Dispose() => _aes.Dispose();
}
