using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

/// <summary>Finds the parameters' values, and says which are missing.</summary>
internal sealed class ParameterInitializer(ResourceNotificationService notifications, ResourceLoggerService logs)
{
    public async Task Initialize(ParameterResource parameter)
    {
        string value;
        try
        {
            value = parameter.ValueNow;
        }
        catch (Exception exception)
        {
            logs.GetLogger(parameter).LogError("{Message}", exception.Message);
            var isMissing = exception is MissingParameterValueException;
            await notifications.PublishUpdateAsync(
                parameter,
                snapshot =>
                    snapshot with
                    {
                        State = new(
                            isMissing ? KnownResourceStates.ValueMissing : KnownResourceStates.FailedToStart,
                            isMissing ? KnownResourceStateStyles.Warn : KnownResourceStateStyles.Error
                        ),
                    }
            );
            return;
        }

        await notifications.PublishUpdateAsync(
            parameter,
            snapshot =>
                snapshot with
                {
                    State = KnownResourceStates.Running,
                    Properties = snapshot.Properties.Set("Value", value, parameter.Secret),
                }
        );
    }
}
