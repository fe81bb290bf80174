using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known about a resource at a moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>Creates a snapshot.</summary>
    public CustomResourceSnapshot() { }

    /// <summary>The kind of resource, as the dashboard shows it.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Named facts.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>When it was created.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When it was started.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When it ended.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>Its state, one of <see cref="KnownResourceStates" /> or its own.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>The exit code of its process.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The worst of its health reports; null while it does not run.</summary>
    public HealthStatus? HealthStatus =>
        State?.Text != KnownResourceStates.Running ? null
        : HealthReports.IsEmpty ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
        : HealthReports.Min(report =>
            report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy
        );

    /// <summary>The latest result of each health check.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    /// <summary>Its environment variables.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>Its URLs.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>Its volumes.</summary>
    public ImmutableArray<VolumeSnapshot> Volumes { get; init; } = [];

    /// <summary>Its commands.</summary>
    public ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];

    /// <summary>Its relations to other resources.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    /// <summary>Whether the dashboard leaves it out.</summary>
    public bool IsHidden { get; init; }

    /// <summary>The icon's name in Fluent UI.</summary>
    public string? IconName { get; init; }

    /// <summary>The icon's variant.</summary>
    public IconVariant? IconVariant { get; init; }

    // When ResourceReadyEvent has been handled; waiting for health means waiting for this, too.
    internal Task? ReadyEvent { get; init; }
}

/// <summary>Helps with snapshots.</summary>
public static class CustomResourceSnapshotExtensions
{
    /// <summary>The snapshot with other health reports.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="healthReports">The reports.</param>
    public static CustomResourceSnapshot WithHealthReports(
        this CustomResourceSnapshot snapshot,
        ImmutableArray<HealthReportSnapshot> healthReports
    ) => snapshot with { HealthReports = healthReports };
}

/// <summary>A state and how it is shown.</summary>
/// <param name="Text">The state.</param>
/// <param name="Style">One of <see cref="KnownResourceStateStyles" />.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state without style.</summary>
    /// <param name="s">The state.</param>
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, Style: null);
}

/// <summary>A named fact.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>Whether the value must not be shown.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>An environment variable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsFromSpec">Whether the application set it; else it was inherited.</param>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);

/// <summary>A URL.</summary>
/// <param name="Name">The endpoint's name.</param>
/// <param name="Url">The URL.</param>
/// <param name="IsInternal">Whether it is shown in the details only.</param>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    /// <summary>Whether nothing listens there.</summary>
    public bool IsInactive { get; init; }

    /// <summary>How it is shown.</summary>
    public UrlDisplayPropertiesSnapshot DisplayProperties { get; init; } = new();
}

/// <summary>How a URL is shown.</summary>
/// <param name="DisplayName">The text instead of the URL.</param>
/// <param name="SortOrder">Its place; the highest number comes first.</param>
public sealed record UrlDisplayPropertiesSnapshot(string DisplayName = "", int SortOrder = 0);

/// <summary>A volume.</summary>
/// <param name="Source">Where the data is.</param>
/// <param name="Target">Where the process sees it.</param>
/// <param name="MountType">How it is mounted.</param>
/// <param name="IsReadOnly">Whether it cannot be written.</param>
public sealed record VolumeSnapshot(string? Source, string Target, string MountType, bool IsReadOnly);

/// <summary>A relation to another resource.</summary>
/// <param name="ResourceName">The other resource.</param>
/// <param name="Type">The relation.</param>
public sealed record RelationshipSnapshot(string ResourceName, string Type);

/// <summary>The result of a health check.</summary>
/// <param name="Name">The health check's name.</param>
/// <param name="Status">The result; null before the first.</param>
/// <param name="Description">What it says.</param>
/// <param name="ExceptionText">What went wrong.</param>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText)
{
    /// <summary>When it was last run.</summary>
    public DateTime? LastRunAt { get; init; }
}
