using Aspire.Hosting.ApplicationModel;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Answers the dashboard: the resources, their logs and their commands.</summary>
internal sealed class ResourceService(
    ResourceFeed feed,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    IHostEnvironment environment,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    ILogger<ResourceService> logger
) : Wire.DashboardService.DashboardServiceBase
{
    private const string AppHostSuffix = "AppHost";

    // The oldest dashboard that knows everything that is sent here.
    private const string MinDashboardVersion = "13.5.0";

    /// <inheritdoc />
    public override Task<Wire.ApplicationInformationResponse> GetApplicationInformation(
        Wire.ApplicationInformationRequest request,
        ServerCallContext context
    )
    {
        var name = configuration["AppHost:DashboardApplicationName"] ?? environment.ApplicationName;
        var trimmed = name.EndsWith(AppHostSuffix, StringComparison.OrdinalIgnoreCase)
            ? name[..^AppHostSuffix.Length].TrimEnd('.')
            : name;
        return Task.FromResult(
            new Wire.ApplicationInformationResponse
            {
                ApplicationName = trimmed.Length > 0 ? trimmed : name,
                MinDashboardVersion = MinDashboardVersion,
            }
        );
    }

    /// <inheritdoc />
    public override Task WatchResources(
        Wire.WatchResourcesRequest request,
        IServerStreamWriter<Wire.WatchResourcesUpdate> responseStream,
        ServerCallContext context
    ) =>
        UntilStoppedAsync(
            context,
            async ct =>
            {
                using var subscription = feed.Subscribe();
                var initial = new Wire.InitialResourceData();
                initial.Resources.AddRange(subscription.Initial);
                await responseStream.WriteAsync(new() { InitialData = initial }, ct);
                while (true)
                {
                    var changes = new Wire.WatchResourcesChanges();
                    foreach (var resource in await subscription.NextAsync(ct))
                    {
                        changes.Value.Add(new Wire.WatchResourcesChange { Upsert = resource });
                    }

                    await responseStream.WriteAsync(new() { Changes = changes }, ct);
                }
            }
        );

    /// <inheritdoc />
    public override Task WatchResourceConsoleLogs(
        Wire.WatchResourceConsoleLogsRequest request,
        IServerStreamWriter<Wire.WatchResourceConsoleLogsUpdate> responseStream,
        ServerCallContext context
    ) =>
        UntilStoppedAsync(
            context,
            async ct =>
            {
                var batches = request.SuppressFollow
                    ? logs.GetAllAsync(request.ResourceName)
                    : logs.WatchAsync(request.ResourceName);
                await foreach (var lines in batches.WithCancellation(ct))
                {
                    foreach (var update in WireLogs.From(lines))
                    {
                        await responseStream.WriteAsync(update, ct);
                    }
                }
            }
        );

    /// <inheritdoc />
    public override async Task<Wire.ResourceCommandResponse> ExecuteResourceCommand(
        Wire.ResourceCommandRequest request,
        ServerCallContext context
    )
    {
        try
        {
            var result = await commands.ExecuteCommandAsync(
                request.ResourceName,
                request.CommandName,
                context.CancellationToken
            );
            return new()
            {
                Kind =
                    result.Canceled ? Wire.ResourceCommandResponseKind.Cancelled
                    : result.Success ? Wire.ResourceCommandResponseKind.Succeeded
                    : Wire.ResourceCommandResponseKind.Failed,
                Message = result.Message ?? "",
            };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whoever clicked must learn that it failed, whatever the command threw.
            logger.LogError(e, "Command '{Command}' of '{Resource}' failed", request.CommandName, request.ResourceName);
            return new() { Kind = Wire.ResourceCommandResponseKind.Failed, Message = e.Message };
        }
    }

    /// <summary>Nothing is ever asked of the user, so the stream stays open and empty.</summary>
    public override Task WatchInteractions(
        IAsyncStreamReader<Wire.WatchInteractionsRequestUpdate> requestStream,
        IServerStreamWriter<Wire.WatchInteractionsResponseUpdate> responseStream,
        ServerCallContext context
    ) =>
        UntilStoppedAsync(
            context,
            async ct =>
            {
                while (await requestStream.MoveNext(ct)) { }
            }
        );

    // Streams end with the application; it would otherwise wait for the dashboard, and the dashboard for it.
    private async Task UntilStoppedAsync(ServerCallContext context, Func<CancellationToken, Task> stream)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken,
            lifetime.ApplicationStopping
        );
        try
        {
            await stream(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody is there to read on.
        }
    }
}
