using Shop.Notifications.Domain;

namespace Shop.Notifications.Providers.Simulated;

/// <summary>What a simulated provider has taken: a row of <c>local_outbox</c>, to be looked at.</summary>
internal sealed class LocalDelivery
{
    /// <summary>The notification's id, so that a repeated one is the same.</summary>
    public required Guid Id { get; init; }

    public required Channel Channel { get; init; }

    /// <summary>A phone number, a user's id, or an address.</summary>
    public required string Recipient { get; init; }

    public required string Title { get; init; }

    public required string Text { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }
}
