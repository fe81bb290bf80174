namespace Aspire.Hosting;

/// <summary>How the application is built.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>The AppHost's assembly; the entry assembly when null.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The AppHost's folder; recorded in its assembly when null.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Whether the dashboard is left out.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>What the dashboard calls the application.</summary>
    public string? DashboardApplicationName { get; set; }

    /// <summary>Whether the dashboard may be used without encryption.</summary>
    public bool AllowUnsecuredTransport { get; set; }

    /// <summary>Whether the resources' logs are written to the AppHost's log, too.</summary>
    public bool EnableResourceLogging { get; set; }
}
