using Aspire.Hosting.ApplicationModel;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Dashboard;

/// <summary>Puts what is known about a resource into the dashboard's terms.</summary>
internal static class WireResource
{
    /// <summary>The dashboard's view of an instance of a resource.</summary>
    /// <param name="resource">What is known.</param>
    /// <param name="since">When it was created, where that is not known.</param>
    public static Wire.Resource From(ResourceEvent resource, DateTime since)
    {
        var snapshot = resource.Snapshot;
        var wire = new Wire.Resource
        {
            Name = resource.ResourceId,
            Uid = resource.ResourceId,
            DisplayName = resource.Resource.Name,
            ResourceType = snapshot.ResourceType,
            State = snapshot.State?.Text ?? "",
            StateStyle = snapshot.State?.Style ?? "",
            CreatedAt = Time(snapshot.CreationTimeStamp ?? since),
            StartedAt = Time(snapshot.StartTimeStamp),
            StoppedAt = Time(snapshot.StopTimeStamp),
            IsHidden = snapshot.IsHidden,
        };
        if (snapshot.IconName is not null)
        {
            wire.IconName = snapshot.IconName;
            wire.IconVariant = Variant(snapshot.IconVariant);
        }

        wire.Environment.AddRange(snapshot.EnvironmentVariables.Select(From));
        wire.Properties.AddRange(WireProperties.From(resource, wire));
        wire.Urls.AddRange(snapshot.Urls.Select(From));
        wire.HealthReports.AddRange(snapshot.HealthReports.Select(From));
        wire.Relationships.AddRange(snapshot.Relationships.Select(From));
        wire.Commands.AddRange(
            snapshot.Commands.Where(command => command.Visibility.HasFlag(ResourceCommandVisibility.UI)).Select(From)
        );
        return wire;
    }

    private static Wire.EnvironmentVariable From(EnvironmentVariableSnapshot variable) =>
        new()
        {
            Name = variable.Name,
            Value = variable.Value ?? "",
            IsFromSpec = variable.IsFromSpec,
        };

    private static Wire.Url From(UrlSnapshot url) =>
        new()
        {
            EndpointName = url.Name ?? "",
            FullUrl = url.Url,
            IsInternal = url.IsInternal,
            IsInactive = url.IsInactive,
            DisplayProperties = new Wire.UrlDisplayProperties
            {
                DisplayName = url.DisplayProperties.DisplayName,
                SortOrder = url.DisplayProperties.SortOrder,
            },
        };

    private static Wire.HealthReport From(HealthReportSnapshot report)
    {
        var wire = new Wire.HealthReport
        {
            Key = report.Name,
            Description = report.Description ?? "",
            Exception = report.ExceptionText ?? "",
            LastRunAt = Time(report.LastRunAt),
        };
        if (report.Status is { } status)
        {
            wire.Status = status switch
            {
                HealthStatus.Healthy => Wire.HealthStatus.Healthy,
                HealthStatus.Degraded => Wire.HealthStatus.Degraded,
                _ => Wire.HealthStatus.Unhealthy,
            };
        }

        return wire;
    }

    private static Wire.ResourceRelationship From(RelationshipSnapshot relationship) =>
        new() { ResourceName = relationship.ResourceName, Type = relationship.Type };

    private static Wire.ResourceCommand From(ResourceCommandSnapshot command) =>
        new()
        {
            Name = command.Name,
            DisplayName = command.DisplayName,
            DisplayDescription = command.DisplayDescription ?? "",
            ConfirmationMessage = command.ConfirmationMessage ?? "",
            IconName = command.IconName ?? "",
            IconVariant = Variant(command.IconVariant),
            IsHighlighted = command.IsHighlighted,
            State = command.State switch
            {
                ResourceCommandState.Enabled => Wire.ResourceCommandState.Enabled,
                ResourceCommandState.Disabled => Wire.ResourceCommandState.Disabled,
                _ => Wire.ResourceCommandState.Hidden,
            },
        };

    private static Wire.IconVariant Variant(IconVariant? variant) =>
        variant is IconVariant.Filled ? Wire.IconVariant.Filled : Wire.IconVariant.Regular;

    private static Timestamp? Time(DateTime? time) =>
        time is { } known ? Timestamp.FromDateTime(known.ToUniversalTime()) : null;
}
