namespace Shop.Notifications.Providers;

/// <summary>Sends mails.</summary>
internal interface IEmailProvider
{
    /// <summary>Hands the mail over. Repeated with the same id it may arrive twice, recognisably.</summary>
    Task<DeliveryResult> SendAsync(EmailMessage message, CancellationToken cancellationToken);
}

/// <summary>Sends SMS.</summary>
internal interface ISmsProvider
{
    /// <summary>Hands the text over; the id is the idempotency key.</summary>
    Task<DeliveryResult> SendAsync(SmsMessage message, CancellationToken cancellationToken);
}

/// <summary>Sends push messages to a person's devices, which the provider knows by the person's id.</summary>
internal interface IPushProvider
{
    /// <summary>Hands the message over; the id is the idempotency key.</summary>
    Task<DeliveryResult> SendAsync(PushMessage message, CancellationToken cancellationToken);
}

/// <summary>A mail in plain text and HTML.</summary>
internal sealed record EmailMessage(Guid Id, string ToName, string ToAddress, string Subject, string Text, string Html);

/// <summary>A short text for a phone number in the form of E.164.</summary>
internal sealed record SmsMessage(Guid Id, string To, string Text);

/// <summary>A short text for somebody's devices.</summary>
internal sealed record PushMessage(Guid Id, Guid UserId, string Title, string Text);
