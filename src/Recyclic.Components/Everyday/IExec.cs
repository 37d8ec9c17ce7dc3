using Recyclic.Build;

namespace Recyclic.Components;

/// <summary>Runs a command in a container that is there.</summary>
public interface IExec : IHazCommand
{
    /// <summary>Default: null, then the first that runs.</summary>
    [Parameter("With Exec: which of the service's containers, from 1; default: the first that runs")]
    int? Replica => TryGetValue(() => Replica);

    /// <summary>
    /// Standard input, output and error are the command's own, each byte as it is, and the terminal where there is one.
    /// Its exit code is passed on.
    /// </summary>
    Target Exec =>
        _ =>
            _.Description(
                    "Runs a command in a service's container of the serving release: Exec --service web -- sh; its exit code is passed on"
                )
                .OwnsOutput()
                .Executes(cancellationToken =>
                    DeploySession.RunAsync(
                        this,
                        async session =>
                        {
                            var app = (await session.IdentifyAsync(cancellationToken)).App;
                            await session.Platform.Host.ReadFactsAsync(cancellationToken);
                            var now = await session.Deployer.ObserveAsync(app, cancellationToken);
                            var service = ServiceChoice.One(now, AskedServices, nameof(Exec));
                            var command = PersonCommand.Checked(AskedCommand, nameof(Exec));
                            var container = ServiceChoice.Running(now, service, Replica);
                            if (DryRun)
                            {
                                WriteLine($"Would run {PersonCommand.Describe(command)} in {container.Name}.");
                                return;
                            }
                            var code = await PersonCommand
                                .HostOf(session)
                                .ExecAsync(app, container, command, session.IsTerminal, cancellationToken);
                            if (code != 0)
                                throw new TargetFailedException(
                                    PersonCommand.Ended(command, container.Name, code),
                                    code
                                );
                        },
                        cancellationToken
                    )
                );
}
