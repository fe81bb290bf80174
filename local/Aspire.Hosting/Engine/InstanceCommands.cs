using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Engine;

/// <summary>Starts, stops and restarts instances by command.</summary>
internal sealed class InstanceCommands(
    DcpAccess access,
    InstanceStarter starter,
    InstanceStates states,
    ResourceNotificationService notifications
)
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts an instance that has ended or was never started; one that waits stops waiting.</summary>
    public async Task StartAgain(Instance instance, CancellationToken cancellationToken)
    {
        if (StateOf(instance) == KnownResourceStates.Waiting)
        {
            instance.Force();
            return;
        }

        await instance.Gate.WaitAsync(cancellationToken);
        try
        {
            await Remove(instance, cancellationToken);
            await starter.Start([instance], cancellationToken);
        }
        finally
        {
            instance.Gate.Release();
        }

        if (StateOf(instance) == KnownResourceStates.FailedToStart)
        {
            throw new DistributedApplicationException(
                $"Resource '{instance.Resource.Name}' failed to start; its log says why."
            );
        }
    }

    /// <summary>Stops an instance; returns when its process has ended.</summary>
    public async Task Stop(Instance instance, CancellationToken cancellationToken)
    {
        await instance.Gate.WaitAsync(cancellationToken);
        try
        {
            await StopProcess(instance, cancellationToken);
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    public async Task Restart(Instance instance, CancellationToken cancellationToken)
    {
        await Stop(instance, cancellationToken);
        await StartAgain(instance, cancellationToken);
    }

    private async Task StopProcess(Instance instance, CancellationToken cancellationToken)
    {
        if (await FindObject(instance, cancellationToken) is null)
        {
            return;
        }

        await notifications.PublishUpdateAsync(
            instance.Resource,
            instance.Name,
            snapshot => snapshot with { State = KnownResourceStates.Stopping }
        );
        await access.Client.StopExecutable(instance.Name, cancellationToken);
        await Until(
            async () =>
            {
                var item = await FindObject(instance, cancellationToken);
                if (item is not null && !DcpState.HasEnded(item.Status?.State))
                {
                    return false;
                }

                if (item is not null)
                {
                    await states.Apply(item, cancellationToken);
                }

                return true;
            },
            $"The process of '{instance.Name}' did not end within {EndLimit.TotalSeconds} s; end it by hand.",
            cancellationToken
        );
    }

    private async Task Remove(Instance instance, CancellationToken cancellationToken)
    {
        if (await FindObject(instance, cancellationToken) is not { } old)
        {
            return;
        }

        instance.Replaced[old.Metadata.Uid ?? ""] = true;
        await access.Client.Delete(DcpExecutable.Plural, instance.Name, cancellationToken);
        await Until(
            async () => await FindObject(instance, cancellationToken) is null,
            $"The process of '{instance.Name}' did not end within {EndLimit.TotalSeconds} s; end it by hand.",
            cancellationToken
        );
    }

    private Task<DcpExecutable?> FindObject(Instance instance, CancellationToken cancellationToken) =>
        access.Client.Find<DcpExecutable>(DcpExecutable.Plural, instance.Name, cancellationToken);

    private string? StateOf(Instance instance) =>
        notifications.TryGetCurrentState(instance.Name, out var current) ? current.Snapshot.State?.Text : null;

    private static async Task Until(Func<Task<bool>> isTrue, string otherwise, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(EndLimit);
        try
        {
            while (!await isTrue())
            {
                await Task.Delay(Poll, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException(otherwise);
        }
    }
}
