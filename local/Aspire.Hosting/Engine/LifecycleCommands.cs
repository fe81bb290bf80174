using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Engine;

/// <summary>Gives processes and projects the commands start, stop and restart.</summary>
internal static class LifecycleCommands
{
    public static void AddTo(IResource resource)
    {
        Add(
            resource,
            KnownResourceCommands.StartCommand,
            "Start",
            "Start resource",
            "Play",
            isHighlighted: true,
            state =>
                IsStopped(state) ? ResourceCommandState.Enabled
                : state is "Starting" ? ResourceCommandState.Disabled
                : ResourceCommandState.Hidden,
            (commands, instance, cancellationToken) => commands.StartAgain(instance, cancellationToken)
        );
        Add(
            resource,
            KnownResourceCommands.StopCommand,
            "Stop",
            "Stop resource",
            "Stop",
            isHighlighted: true,
            state =>
                state is "Stopping" ? ResourceCommandState.Disabled
                : state is "Running" ? ResourceCommandState.Enabled
                : ResourceCommandState.Hidden,
            (commands, instance, cancellationToken) => commands.Stop(instance, cancellationToken)
        );
        Add(
            resource,
            KnownResourceCommands.RestartCommand,
            "Restart",
            "Restart resource",
            "ArrowCounterclockwise",
            isHighlighted: false,
            state => state is "Running" ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
            (commands, instance, cancellationToken) => commands.Restart(instance, cancellationToken)
        );
    }

    private static bool IsStopped(string? state) =>
        state is "NotStarted" or "Waiting" or "RuntimeUnhealthy" or "Unknown" or "Terminated"
        || KnownResourceStates.TerminalStates.Contains(state);

    private static void Add(
        IResource resource,
        string name,
        string displayName,
        string description,
        string icon,
        bool isHighlighted,
        Func<string?, ResourceCommandState> stateOf,
        Func<InstanceCommands, Instance, CancellationToken, Task> execute
    )
    {
        if (resource.Annotations.OfType<ResourceCommandAnnotation>().Any(c => c.Name == name))
        {
            return;
        }

        resource.Annotations.Add(
            new ResourceCommandAnnotation(
                name,
                displayName,
                context => stateOf(context.ResourceSnapshot.State?.Text),
                async context =>
                {
                    var services = context.ServiceProvider;
                    if (services.GetRequiredService<Instances>().Find(context.ResourceName) is not { } instance)
                    {
                        return CommandResults.Failure(
                            $"'{context.ResourceName}' is not an instance of '{resource.Name}'."
                        );
                    }

                    await execute(services.GetRequiredService<InstanceCommands>(), instance, context.CancellationToken);
                    return CommandResults.Success();
                },
                description,
                parameter: null,
                confirmationMessage: null,
                icon,
                IconVariant.Filled,
                isHighlighted
            )
        );
    }
}
