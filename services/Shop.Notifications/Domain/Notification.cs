namespace Shop.Notifications.Domain;

/// <summary>
/// Something that a customer is told about an order, on one way. There is one for each order, kind and way, however often the
/// event comes; what does not get sent is kept too, with the reason.
/// </summary>
internal sealed class Notification
{
    public const int MaxReasonLength = 500;

    /// <summary>The reason of what nobody wants to hear.</summary>
    public const string NotWanted = "The recipient has turned off every way on which it could go.";

    private Notification() { }

    /// <summary>Also the providers' idempotency key, and the mail's <c>Message-Id</c>.</summary>
    public Guid Id { get; private init; }

    public Guid OrderId { get; private init; }

    public Guid UserId { get; private init; }

    public NotificationKind Kind { get; private init; }

    public Channel Channel { get; private set; }

    public NotificationStatus Status { get; private set; }

    /// <summary>The title; what the rest says is made of <see cref="Facts"/> when it is sent.</summary>
    public string Subject { get; private init; } = "";

    public OrderFacts Facts { get; private init; } = new();

    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Not sent before.</summary>
    public DateTimeOffset DueAt { get; private init; }

    /// <summary>When a sender may take it; null when there is nothing to do any more.</summary>
    public DateTimeOffset? NextAttemptAt { get; private set; }

    /// <summary>How often a sender has taken it.</summary>
    public int Attempts { get; private set; }

    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>Why it was not sent, or why the last attempt failed.</summary>
    public string? Reason { get; private set; }

    /// <summary>The trace of the event that it comes from.</summary>
    public string? TraceParent { get; private init; }

    /// <summary>To be sent on this way when it is due.</summary>
    public static Notification By(
        Channel channel,
        OrderNews news,
        string subject,
        DateTimeOffset dueAt,
        Moment moment
    ) => New(news, subject, dueAt, moment, channel, NotificationStatus.Pending, dueAt, reason: null);

    /// <summary>Nobody knows yet who is to get it.</summary>
    public static Notification ForSomebodyUnknown(
        OrderNews news,
        string subject,
        DateTimeOffset dueAt,
        Moment moment
    ) =>
        New(
            news,
            subject,
            dueAt,
            moment,
            Channel.Undecided,
            NotificationStatus.WaitingForRecipient,
            moment.Now,
            reason: null
        );

    /// <summary>Only remembered: nobody is told.</summary>
    public static Notification Unsent(
        OrderNews news,
        string subject,
        NotificationStatus status,
        string reason,
        Moment moment
    ) => New(news, subject, moment.Now, moment, Channel.Undecided, status, nextAttemptAt: null, reason);

    /// <summary>The recipient is known now.</summary>
    /// <param name="channels">On which ways; on none, it is not sent.</param>
    /// <param name="now">The present moment.</param>
    /// <returns>One more for each way beyond the first.</returns>
    public IReadOnlyList<Notification> Address(IReadOnlyList<Channel> channels, Moment now)
    {
        if (Status != NotificationStatus.WaitingForRecipient)
        {
            throw new InvalidOperationException($"Notification {Id} is {Status} and waits for no recipient.");
        }

        if (channels.Count == 0)
        {
            Status = NotificationStatus.Suppressed;
            NextAttemptAt = null;
            Reason = NotWanted;
            return [];
        }

        Channel = channels[0];
        Status = NotificationStatus.Pending;
        NextAttemptAt = DueAt;
        Attempts = 0;
        Reason = null;
        var news = new OrderNews(Kind, OrderId, UserId, Facts);
        var moment = now with { TraceParent = TraceParent };
        return [.. channels.Skip(1).Select(channel => By(channel, news, Subject, DueAt, moment))];
    }

    /// <summary>Has a dead letter tried again as if for the first time; false, and nothing happened, when it is none.</summary>
    public bool TryAgain(DateTimeOffset now)
    {
        if (Status != NotificationStatus.DeadLettered)
        {
            return false;
        }

        Status = Channel == Channel.Undecided ? NotificationStatus.WaitingForRecipient : NotificationStatus.Pending;
        NextAttemptAt = now;
        Attempts = 0;
        return true;
    }

    private static Notification New(
        OrderNews news,
        string subject,
        DateTimeOffset dueAt,
        Moment moment,
        Channel channel,
        NotificationStatus status,
        DateTimeOffset? nextAttemptAt,
        string? reason
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(moment.Now),
            OrderId = news.OrderId,
            UserId = news.UserId,
            Kind = news.Kind,
            Channel = channel,
            Status = status,
            Subject = subject,
            Facts = news.Facts,
            CreatedAt = moment.Now,
            DueAt = dueAt,
            NextAttemptAt = nextAttemptAt,
            Reason = reason,
            TraceParent = moment.TraceParent,
        };
}

/// <summary>When something is done, and in which trace.</summary>
internal sealed record Moment(DateTimeOffset Now, string? TraceParent);
