namespace Aspire.Hosting.ApplicationModel;

internal static class CommandStates
{
    /// <summary>The snapshot with its commands' states after a change.</summary>
    public static CustomResourceSnapshot Update(
        IResource resource,
        CustomResourceSnapshot snapshot,
        IServiceProvider services
    )
    {
        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, ServiceProvider = services };
        return snapshot with
        {
            Commands =
            [
                .. resource
                    .Annotations.OfType<ResourceCommandAnnotation>()
                    .Select(command => new ResourceCommandSnapshot(
                        command.Name,
                        command.UpdateState(context),
                        command.DisplayName,
                        command.DisplayDescription,
                        command.CommandParameter,
                        command.ConfirmationMessage,
                        command.IconName,
                        command.IconVariant,
                        command.IsHighlighted
                    )
                    {
                        Visibility = command.Visibility,
                    }),
            ],
        };
    }
}
