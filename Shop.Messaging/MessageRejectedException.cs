namespace Shop.Messaging;

/// <summary>
/// A message that can never be handled, however often it is delivered. It goes to the dead-letter queue at once.
/// </summary>
/// <param name="reason">A short stable name, such as <c>UnknownOrder</c>: the dead letter's reason.</param>
/// <param name="description">What is wrong, for the operator: the dead letter's description. No personal data.</param>
public sealed class MessageRejectedException(string reason, string description) : Exception(description)
{
    /// <summary>The dead letter's reason.</summary>
    public string Reason { get; } = reason;
}
