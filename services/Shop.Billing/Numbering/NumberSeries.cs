using Shop.Billing.Domain;

namespace Shop.Billing.Numbering;

/// <summary>The last number that was given to a kind of document in a year.</summary>
internal sealed class NumberSeries
{
    /// <summary>The kind.</summary>
    public DocumentKind Kind { get; private set; }

    /// <summary>The year.</summary>
    public int Year { get; private set; }

    /// <summary>The last number; the next is one more.</summary>
    public int LastNumber { get; private set; }
}
