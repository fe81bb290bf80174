using Shop.ServiceDefaults;

namespace Shop.Notifications;

/// <summary>Settings of the context, section <c>Notifications</c>.</summary>
internal sealed class NotificationsOptions
{
    /// <summary>Who mails are from.</summary>
    public string Sender { get; set; } = "Shop <no-reply@shop.test>";

    /// <summary>How long after the confirmation the delivery notification is due.</summary>
    [NotNegative]
    public TimeSpan DeliveryNotificationDelay { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a notification waits for its recipient to become known.</summary>
    [Positive]
    public TimeSpan RecipientLimit { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a provider may take for one notification, from connecting to its answer.</summary>
    [Positive]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often it is tried; with the pauses below, for about three hours.</summary>
    [Positive]
    public int MaxAttempts { get; set; } = 15;

    /// <summary>The pause after the first failure; it doubles with each.</summary>
    [Positive]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause.</summary>
    [Positive]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How often due notifications are looked for when nobody has said that there are any.</summary>
    [Positive]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many are sent at the same time on each way; also the most connections to the mail server.</summary>
    [Positive]
    public int MaxConcurrency { get; set; } = 8;

    /// <summary>
    /// How long a notification belongs to the process that took it. Longer than an attempt may take; when the process dies,
    /// another one takes it after that.
    /// </summary>
    public TimeSpan Lease => AttemptTimeout + TimeSpan.FromSeconds(5);

    /// <summary>The pause after the given number of attempts: between half of the doubled one and all of it.</summary>
    public TimeSpan DelayAfter(int attempts)
    {
        var doubled = RetryDelay * Math.Pow(2, Math.Clamp(attempts - 1, 0, 20));
        var limited = doubled < MaxRetryDelay ? doubled : MaxRetryDelay;
        return limited * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
