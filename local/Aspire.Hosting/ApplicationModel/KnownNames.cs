namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states that the engine gives to resources.</summary>
public static class KnownResourceStates
{
    /// <summary>In use.</summary>
    public static readonly string Active = "Active";

    /// <summary>Being built.</summary>
    public static readonly string Building = "Building";

    /// <summary>Ended, by itself or by command.</summary>
    public static readonly string Exited = "Exited";

    /// <summary>Could not be started.</summary>
    public static readonly string FailedToStart = "FailedToStart";

    /// <summary>Ended by itself.</summary>
    public static readonly string Finished = "Finished";

    /// <summary>Waits for the command to start.</summary>
    public static readonly string NotStarted = "NotStarted";

    /// <summary>Runs.</summary>
    public static readonly string Running = "Running";

    /// <summary>The engine that runs it does not answer.</summary>
    public static readonly string RuntimeUnhealthy = "RuntimeUnhealthy";

    /// <summary>Is being started.</summary>
    public static readonly string Starting = "Starting";

    /// <summary>Is being stopped.</summary>
    public static readonly string Stopping = "Stopping";

    /// <summary>Lacks a value from the configuration.</summary>
    public static readonly string ValueMissing = "ValueMissing";

    /// <summary>Waits for others.</summary>
    public static readonly string Waiting = "Waiting";

    /// <summary>The states of a resource that has ended.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>How a state is shown.</summary>
public static class KnownResourceStateStyles
{
    /// <summary>As a success.</summary>
    public static readonly string Success = "success";

    /// <summary>As an error.</summary>
    public static readonly string Error = "error";

    /// <summary>As a notice.</summary>
    public static readonly string Info = "info";

    /// <summary>As a warning.</summary>
    public static readonly string Warn = "warning";
}

/// <summary>The commands that processes and projects have.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts it.</summary>
    public static readonly string StartCommand = "start";

    /// <summary>Stops it.</summary>
    public static readonly string StopCommand = "stop";

    /// <summary>Stops it and starts it.</summary>
    public static readonly string RestartCommand = "restart";
}

/// <summary>The names of facts that the dashboard knows.</summary>
public static class CustomResourceKnownProperties
{
    /// <summary>Where the resource comes from.</summary>
    public static string Source { get; } = "resource.source";

    /// <summary>The connection string.</summary>
    public static string ConnectionString { get; } = "resource.connectionString";
}
