using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.Engine;

/// <summary>Turns what DCP says about a process into what is known about the instance.</summary>
internal sealed class InstanceStates(
    Instances instances,
    ResourceNotificationService notifications,
    DistributedApplicationModel model,
    IDistributedApplicationEventing eventing,
    IServiceProvider services
)
{
    /// <summary>Says what is about to be started.</summary>
    public Task SetLaunch(Instance instance, Launch launch) =>
        notifications.PublishUpdateAsync(
            instance.Resource,
            instance.Name,
            snapshot =>
                snapshot with
                {
                    ExitCode = null,
                    StartTimeStamp = null,
                    StopTimeStamp = null,
                    Properties = LaunchProperties(instance.Resource, snapshot.Properties, launch),
                }
        );

    /// <summary>Takes over what DCP says; nothing when it is about a process that was replaced.</summary>
    public async Task Apply(DcpExecutable item, CancellationToken cancellationToken)
    {
        if (
            instances.Find(item.Metadata.Name) is not { } instance
            || instance.Replaced.ContainsKey(item.Metadata.Uid ?? "")
        )
        {
            return;
        }

        var hasEnded = false;
        await notifications.PublishUpdateAsync(
            instance.Resource,
            instance.Name,
            snapshot =>
            {
                var next = With(snapshot, item);
                hasEnded = IsTerminal(next) && !IsTerminal(snapshot);
                return next;
            }
        );
        if (hasEnded && notifications.TryGetCurrentState(instance.Name, out var ended))
        {
            foreach (var resource in Hierarchy.From(instance.Resource, model))
            {
                await eventing.PublishAsync(new ResourceStoppedEvent(resource, services, ended), cancellationToken);
            }
        }
    }

    private static CustomResourceSnapshot With(CustomResourceSnapshot snapshot, DcpExecutable item)
    {
        var status = item.Status;
        var state = status?.State switch
        {
            null or "" => snapshot.State,
            DcpState.Terminated => KnownResourceStates.Exited,
            DcpState.FailedToStart => new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
            { } text => text,
        };
        return snapshot with
        {
            // A command says Stopping before DCP does.
            State =
                snapshot.State?.Text == KnownResourceStates.Stopping && state?.Text == KnownResourceStates.Running
                    ? snapshot.State
                    : state,
            ExitCode = DcpState.HasEnded(status?.State) ? ExitCodeOf(status) : null,
            StartTimeStamp = status?.StartupTimestamp?.ToUniversalTime(),
            StopTimeStamp = status?.FinishTimestamp?.ToUniversalTime(),
            EnvironmentVariables = VariablesOf(item),
            Urls =
            [
                .. snapshot.Urls.Select(url => url with { IsInactive = state?.Text != KnownResourceStates.Running }),
            ],
            Properties = snapshot.Properties.Set("executable.pid", status?.Pid),
        };
    }

    // DCP says -1 when it does not know.
    private static int? ExitCodeOf(DcpExecutableStatus? status) => status?.ExitCode is -1 ? null : status?.ExitCode;

    private static ImmutableArray<EnvironmentVariableSnapshot> VariablesOf(DcpExecutable item)
    {
        var own = item.Spec.Env?.Select(variable => variable.Name).ToHashSet() ?? [];
        return
        [
            .. (item.Status?.EffectiveEnv ?? [])
                .OrderBy(variable => variable.Name, StringComparer.Ordinal)
                .Select(variable => new EnvironmentVariableSnapshot(
                    variable.Name,
                    variable.Value ?? "",
                    own.Contains(variable.Name)
                )),
        ];
    }

    private static ImmutableArray<ResourcePropertySnapshot> LaunchProperties(
        IResource resource,
        ImmutableArray<ResourcePropertySnapshot> properties,
        Launch launch
    )
    {
        var own = launch.Arguments.Skip(launch.OwnArgumentsStart).ToArray();
        var isSensitive = own.Any(argument => argument.IsSensitive);
        ImmutableArray<string> all = [.. launch.Arguments.Select(argument => argument.Value)];
        ImmutableArray<string> shown = [.. own.Select(argument => argument.Value)];
        ImmutableArray<int> sensitive = [.. own.Select(argument => argument.IsSensitive ? 1 : 0)];
        var result = properties
            .Set("executable.path", launch.Program)
            .Set("executable.workDir", launch.Folder)
            .Set("executable.args", all, isSensitive: true)
            .Set("executable.pid", null)
            .Set("resource.appArgs", shown, isSensitive)
            .Set("resource.appArgsSensitivity", sensitive, isSensitive);
        if (resource is ProjectResource project)
        {
            resource.TryGetLastAnnotation<EffectiveLaunchProfileAnnotation>(out var profile);
            result = result
                .Set("project.path", project.Metadata.ProjectPath)
                .Set("project.launchProfile", profile?.Name);
        }

        return result;
    }

    private static bool IsTerminal(CustomResourceSnapshot snapshot) =>
        KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text);
}

internal static class Hierarchy
{
    /// <summary>A resource and those that live inside it.</summary>
    public static IEnumerable<IResource> From(IResource resource, DistributedApplicationModel model) =>
        model
            .Resources.Where(child =>
                child is IResourceWithParent { Parent: var parent }
                && parent == resource
                && !ResourceInstances.RunsAsProcess(child)
            )
            .SelectMany(child => From(child, model))
            .Prepend(resource);
}
