using Shop.Notifications.Domain;

namespace Shop.Notifications.Providers.Simulated;

/// <summary>Stands in for a provider of SMS; two numbers show what can go wrong.</summary>
internal sealed class SimulatedSmsProvider(LocalOutbox outbox) : ISmsProvider
{
    /// <summary>Belongs to nobody.</summary>
    public const string UnknownNumber = "+15005550001";

    /// <summary>Never answers in time.</summary>
    public const string UnreachableNumber = "+15005550002";

    public async Task<DeliveryResult> SendAsync(SmsMessage message, CancellationToken cancellationToken) =>
        message.To switch
        {
            UnknownNumber => new DeliveryResult.Refused("The simulated provider knows no such number."),
            UnreachableNumber => new DeliveryResult.Unavailable("The simulated provider does not answer."),
            _ => await outbox.AcceptAsync(
                message.Id,
                Channel.Sms,
                message.To,
                title: "",
                message.Text,
                cancellationToken
            ),
        };
}

/// <summary>Stands in for a provider of push messages.</summary>
internal sealed class SimulatedPushProvider(LocalOutbox outbox) : IPushProvider
{
    public Task<DeliveryResult> SendAsync(PushMessage message, CancellationToken cancellationToken) =>
        outbox.AcceptAsync(
            message.Id,
            Channel.Push,
            message.UserId.ToString(),
            message.Title,
            message.Text,
            cancellationToken
        );
}

/// <summary>Takes mails where there is no mail server: on a developer's machine, when the shop is one process.</summary>
internal sealed class SimulatedEmailProvider(LocalOutbox outbox) : IEmailProvider
{
    public Task<DeliveryResult> SendAsync(EmailMessage message, CancellationToken cancellationToken) =>
        outbox.AcceptAsync(
            message.Id,
            Channel.Email,
            message.ToAddress,
            message.Subject,
            message.Text,
            cancellationToken
        );
}
