using System.Security.Cryptography;
using Recyclic.Components.Backups;
using Recyclic.Processes;

namespace Recyclic.Components.Tests.Backups;

[CancelAfter(60_000)]
internal sealed class BackupCipherTests
{
    private const string Key = "a key of more than twenty characters";

    /// <summary>Sizes around the cipher's block.</summary>
    [TestCase(0)]
    [TestCase(15)]
    [TestCase(16)]
    [TestCase(100_000)]
    public async Task What_was_encrypted_is_decrypted_by_openssl_as_the_page_says(
        int size,
        CancellationToken cancellationToken
    )
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/openssl"))
            Assert.Ignore("there is no openssl here");
        var folder = Directory.CreateTempSubdirectory("recyclic-cipher-").FullName;
        try
        {
            var plain = RandomNumberGenerator.GetBytes(size);
            using (var cipher = BackupCipher.New(Key))
            await using (var file = File.Create(Path.Combine(folder, "shop.dump.enc")))
            await using (var stream = cipher.Encrypt(file))
                await stream.WriteAsync(plain, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "key.txt"), Key, cancellationToken);
            string[] arguments =
            [
                .. "enc -d -aes-256-cbc -pbkdf2 -iter 600000 -md sha256 -pass file:key.txt".Split(' '),
                .. "-in shop.dump.enc -out shop.dump".Split(' '),
            ];
            var result = await new ProcessCommandRunner().RunAsync(
                Command.Of("openssl", arguments) with
                {
                    WorkingDirectory = folder,
                },
                cancellationToken
            );
            result.ExitCode.ShouldBe(0, result.StandardError);
            (await File.ReadAllBytesAsync(Path.Combine(folder, "shop.dump"), cancellationToken)).ShouldBe(plain);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
