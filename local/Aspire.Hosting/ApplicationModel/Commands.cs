using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The variant of an icon.</summary>
public enum IconVariant
{
    /// <summary>Outlined.</summary>
    Regular = 0,

    /// <summary>Filled.</summary>
    Filled = 1,
}

/// <summary>Whether a command can be executed now.</summary>
public enum ResourceCommandState
{
    /// <summary>It can.</summary>
    Enabled = 0,

    /// <summary>It is shown, but it cannot.</summary>
    Disabled = 1,

    /// <summary>It is not shown.</summary>
    Hidden = 2,
}

/// <summary>Who may see a command.</summary>
[Flags]
public enum ResourceCommandVisibility
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>People, in the dashboard.</summary>
    UI = 1,

    /// <summary>Programs.</summary>
    Api = 2,
}

/// <summary>A command that can be executed on a resource.</summary>
/// <param name="name">Its name.</param>
/// <param name="displayName">The name that is shown.</param>
/// <param name="updateState">Says whether it can be executed.</param>
/// <param name="executeCommand">Executes it.</param>
/// <param name="displayDescription">What it does.</param>
/// <param name="parameter">Passed to the dashboard.</param>
/// <param name="confirmationMessage">Asked before it is executed.</param>
/// <param name="iconName">The icon's name in Fluent UI.</param>
/// <param name="iconVariant">The icon's variant.</param>
/// <param name="isHighlighted">Whether it is shown as a button.</param>
public sealed class ResourceCommandAnnotation(
    string name,
    string displayName,
    Func<UpdateCommandStateContext, ResourceCommandState> updateState,
    Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
    string? displayDescription,
    object? parameter,
    string? confirmationMessage,
    string? iconName,
    IconVariant? iconVariant,
    bool isHighlighted
) : IResourceAnnotation
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>The name that is shown.</summary>
    public string DisplayName { get; } = displayName;

    /// <summary>Says whether it can be executed.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState> UpdateState { get; } = updateState;

    /// <summary>Executes it.</summary>
    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; } = executeCommand;

    /// <summary>What it does.</summary>
    public string? DisplayDescription { get; } = displayDescription;

    /// <summary>Asked before it is executed.</summary>
    public string? ConfirmationMessage { get; } = confirmationMessage;

    /// <summary>The icon's name in Fluent UI.</summary>
    public string? IconName { get; } = iconName;

    /// <summary>The icon's variant.</summary>
    public IconVariant? IconVariant { get; } = iconVariant;

    /// <summary>Whether it is shown as a button.</summary>
    public bool IsHighlighted { get; } = isHighlighted;

    /// <summary>Who may see it.</summary>
    public ResourceCommandVisibility Visibility { get; internal init; } =
        ResourceCommandVisibility.UI | ResourceCommandVisibility.Api;

    internal object? CommandParameter { get; } = parameter;
}

/// <summary>A command as the dashboard shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Whether it can be executed.</param>
/// <param name="DisplayName">The name that is shown.</param>
/// <param name="DisplayDescription">What it does.</param>
/// <param name="Parameter">Passed to the dashboard.</param>
/// <param name="ConfirmationMessage">Asked before it is executed.</param>
/// <param name="IconName">The icon's name in Fluent UI.</param>
/// <param name="IconVariant">The icon's variant.</param>
/// <param name="IsHighlighted">Whether it is shown as a button.</param>
public sealed record ResourceCommandSnapshot(
    string Name,
    ResourceCommandState State,
    string DisplayName,
    string? DisplayDescription,
    object? Parameter,
    string? ConfirmationMessage,
    string? IconName,
    IconVariant? IconVariant,
    bool IsHighlighted
)
{
    /// <summary>Who may see it.</summary>
    public ResourceCommandVisibility Visibility { get; init; } =
        ResourceCommandVisibility.UI | ResourceCommandVisibility.Api;
}

/// <summary>How a command looks and when it can be executed.</summary>
public class CommandOptions
{
    /// <summary>What it does.</summary>
    public string? Description { get; set; }

    /// <summary>Asked before it is executed.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>The icon's name in Fluent UI.</summary>
    public string? IconName { get; set; }

    /// <summary>The icon's variant.</summary>
    public IconVariant? IconVariant { get; set; }

    /// <summary>Whether it is shown as a button.</summary>
    public bool IsHighlighted { get; set; }

    /// <summary>Says whether it can be executed; always when null.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }

    /// <summary>Who may see it.</summary>
    public ResourceCommandVisibility Visibility { get; set; } =
        ResourceCommandVisibility.UI | ResourceCommandVisibility.Api;
}

/// <summary>The resource whose command's state is asked for.</summary>
public sealed class UpdateCommandStateContext
{
    /// <summary>What is known about the resource.</summary>
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    /// <summary>The application's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }
}

/// <summary>A command that is being executed.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The application's services.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The instance on which it is executed.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Ends it.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>The resource's log.</summary>
    public required ILogger Logger { get; init; }
}

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it succeeded.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether somebody gave it up.</summary>
    public bool Canceled { get; init; }

    /// <summary>What it says.</summary>
    public string? Message { get; init; }
}

/// <summary>Creates results of commands.</summary>
public static class CommandResults
{
    /// <summary>It succeeded.</summary>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>It succeeded.</summary>
    /// <param name="message">What it says.</param>
    public static ExecuteCommandResult Success(string message) => new() { Success = true, Message = message };

    /// <summary>It failed.</summary>
    /// <param name="errorMessage">Why.</param>
    public static ExecuteCommandResult Failure(string? errorMessage = null) =>
        new() { Success = false, Message = errorMessage };

    /// <summary>It failed.</summary>
    /// <param name="exception">Why.</param>
    public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);

    /// <summary>Somebody gave it up.</summary>
    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
}
