using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Executes commands on resources.</summary>
public class ResourceCommandService
{
    private const string OldPrefix = "resource-";

    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(
        ResourceNotificationService notifications,
        ResourceLoggerService loggers,
        IServiceProvider services
    )
    {
        _notifications = notifications;
        _loggers = loggers;
        _services = services;
    }

    /// <summary>Executes a command on an instance, or on a resource that has one instance.</summary>
    /// <param name="resourceId">The instance's or the resource's name.</param>
    /// <param name="commandName">The command, for instance <see cref="KnownResourceCommands.RestartCommand" />.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId,
        string commandName,
        CancellationToken cancellationToken = default
    ) =>
        _notifications.TryGetCurrentState(resourceId, out var current)
            ? Execute(current.Resource, current.ResourceId, commandName, cancellationToken)
            : Task.FromResult(CommandResults.Failure($"Resource '{resourceId}' not found."));

    /// <summary>Executes a command on all instances of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="commandName">The command.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource,
        string commandName,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(resource);
        var results = await Task.WhenAll(
            ResourceInstances.NamesOf(resource).Select(id => Execute(resource, id, commandName, cancellationToken))
        );
        if (results is [var only])
        {
            return only;
        }

        var failures = results.Where(result => !result.Success).ToArray();
        return failures switch
        {
            [] => CommandResults.Success(),
            _ when failures.All(failure => failure.Canceled) => CommandResults.Canceled(),
            _ => CommandResults.Failure(string.Join(" ", failures.Select(f => f.Message))),
        };
    }

    private async Task<ExecuteCommandResult> Execute(
        IResource resource,
        string id,
        string commandName,
        CancellationToken cancellationToken
    )
    {
        var log = _loggers.GetLogger(id);
        if (Find(resource, commandName) is not { } command)
        {
            return CommandResults.Failure($"Command '{commandName}' not available for resource '{resource.Name}'.");
        }

        log.LogInformation("Executing command '{Command}'.", command.Name);
        try
        {
            var result = await command.ExecuteCommand(
                new ExecuteCommandContext
                {
                    ResourceName = id,
                    ServiceProvider = _services,
                    CancellationToken = cancellationToken,
                    Logger = log,
                }
            );
            if (!result.Success)
            {
                log.LogInformation("Command '{Command}' failed: {Message}", command.Name, result.Message);
            }

            return result;
        }
        catch (OperationCanceledException)
        {
            return CommandResults.Canceled();
        }
        catch (Exception exception)
        {
            log.LogError(exception, "Command '{Command}' failed.", command.Name);
            return CommandResults.Failure(exception);
        }
    }

    // Before Aspire 13 the known commands were called resource-start and so on.
    private static ResourceCommandAnnotation? Find(IResource resource, string name) =>
        resource
            .Annotations.OfType<ResourceCommandAnnotation>()
            .FirstOrDefault(command => command.Name == name || OldPrefix + command.Name == name);
}
