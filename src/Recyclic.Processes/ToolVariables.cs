using System.Collections.Immutable;

namespace Recyclic.Processes;

/// <summary>Pure: the variables that the programs need which Recyclic itself starts, and no others.</summary>
public static class ToolVariables
{
    /// <summary>
    /// What any program needs: where programs and the user's files are, language and time, temporary files, the way
    /// out to the network.
    /// </summary>
    public static VariableRule Everyone { get; } =
        new([
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "SHELL",
            "PWD",
            "HOSTNAME",
            "LANG",
            "LANGUAGE",
            "LC_*",
            "TZ",
            "TZDIR",
            "TERM",
            "COLORTERM",
            "NO_COLOR",
            "TMPDIR",
            "TMP",
            "TEMP",
            "XDG_*",
            "LD_LIBRARY_PATH",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "FTP_PROXY",
            "ALL_PROXY",
            "NO_PROXY",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            // Without these no program of Windows starts.
            "SYSTEMROOT",
            "SYSTEMDRIVE",
            "WINDIR",
            "COMSPEC",
            "PATHEXT",
            "USERNAME",
            "USERPROFILE",
            "USERDOMAIN",
            "HOMEDRIVE",
            "HOMEPATH",
            "APPDATA",
            "LOCALAPPDATA",
            "PROGRAMDATA",
            "ALLUSERSPROFILE",
            "PROGRAMFILES",
            "PROGRAMFILES(X86)",
            "PROGRAMW6432",
            "COMMONPROGRAMFILES",
            "PROCESSOR_ARCHITECTURE",
            "NUMBER_OF_PROCESSORS",
        ]);

    private static readonly string[] OfSsh =
    [
        "SSH_AUTH_SOCK",
        "SSH_AGENT_PID",
        "SSH_ASKPASS",
        "SSH_ASKPASS_REQUIRE",
        "SSH_TTY",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "KRB5CCNAME",
    ];

    private static readonly string[] OfDocker =
    [
        "DOCKER_*",
        "BUILDX_*",
        "BUILDKIT_*",
        "COMPOSE_*",
        // The login of the docker command line itself.
        "DOCKER_AUTH_CONFIG",
        "DBUS_SESSION_BUS_ADDRESS",
        .. OfSsh,
    ];

    private static readonly string[] OfGit = ["GIT_*", "GIT_CONFIG_COUNT", .. GitSettings(), .. OfSsh];

    /// <summary>What a program gets, by its name or path; one that is not known gets what everyone does.</summary>
    public static VariableRule Of(string program) =>
        Path.GetFileNameWithoutExtension(program).ToLowerInvariant() switch
        {
            "docker" or "docker-compose" or "docker-buildx" => Docker,
            "ssh" or "ssh-add" or "ssh-agent" or "ssh-keygen" or "ssh-keyscan" => Ssh,
            "git" => Git,
            "dotnet" => DotNet,
            "apt-get" or "apt-cache" or "apt" or "dpkg" or "debootstrap" => Packages,
            var name when name.StartsWith("docker-credential-", StringComparison.Ordinal) => Docker.And(
                OfHelper(name["docker-credential-".Length..])
            ),
            _ => Everyone,
        };

    /// <summary>
    /// What a credential helper of docker reads besides, by its name in docker's configuration; docker starts it and
    /// hands on what it has itself.
    /// </summary>
    public static ImmutableArray<string> OfHelper(string helper) =>
        helper switch
        {
            "ecr-login" =>
            [
                "AWS_*",
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_SESSION_TOKEN",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "AWS_SHARED_CREDENTIALS_FILE",
            ],
            "gcloud" or "gcr" => ["CLOUDSDK_*", "GOOGLE_APPLICATION_CREDENTIALS"],
            "acr-env" => ["AZURE_*", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE"],
            "pass" => ["PASSWORD_STORE_DIR", "GNUPGHOME", "GPG_TTY"],
            _ => [],
        };

    private static VariableRule Docker { get; } = Everyone.And(OfDocker);

    private static VariableRule Ssh { get; } = Everyone.And(OfSsh);

    private static VariableRule Git { get; } = Everyone.And(OfGit);

    private static VariableRule DotNet { get; } = Everyone.And("DOTNET_*", "NUGET_*", "MSBUILD*");

    private static VariableRule Packages { get; } = Everyone.And("DEBIAN_*", "APT_*", "DPKG_*");

    /// <summary>Settings that git takes from variables: without one of them that it was told of, it stops.</summary>
    private static IEnumerable<string> GitSettings() =>
        Enumerable
            .Range(0, 32)
            .SelectMany(number => new[] { $"GIT_CONFIG_KEY_{number}", $"GIT_CONFIG_VALUE_{number}" });
}
