using Shop.Payments.Domain;
using Shop.Payments.Provider;

namespace Shop.Payments.Reconciliation;

/// <summary>What a reconciliation has counted so far; it grows with the number of currencies, not of payments.</summary>
internal sealed class ReconciliationTotals
{
    private readonly Dictionary<DifferenceKind, int> _differences = [];
    private readonly SortedDictionary<string, Takings> _takings = new(StringComparer.Ordinal);

    /// <summary>Payments of ours that were compared.</summary>
    public long Payments { get; private set; }

    /// <summary>Charges of the provider that were compared.</summary>
    public long Charges { get; private set; }

    /// <summary>Left out, because an answer may be on its way.</summary>
    public long Young { get; set; }

    /// <summary>How many differences there are of each kind.</summary>
    public IReadOnlyDictionary<DifferenceKind, int> Differences => _differences;

    /// <summary>What was taken and given back, by currency.</summary>
    public IReadOnlyDictionary<string, Takings> Takings => _takings;

    /// <summary>Counts a pair, of which one may be missing.</summary>
    public void Add(Payment? ours, BookedCharge? theirs)
    {
        if (ours is not null)
        {
            Payments++;
            if (ours.ProviderReference is not null)
            {
                var back = ours.Refund is { CompletedAt: not null } refund ? refund.Amount : 0;
                Change(ours.Currency, takings => takings with { Ours = takings.Ours + ours.Amount - back });
            }
        }
        if (theirs is not null)
        {
            Charges++;
            if (theirs.Status == ChargeStatus.Succeeded)
            {
                var kept = theirs.Amount - (theirs.Refund?.Amount ?? 0);
                Change(theirs.Currency, takings => takings with { Theirs = takings.Theirs + kept });
            }
        }
    }

    /// <summary>Counts a difference.</summary>
    public void Add(DifferenceKind kind) => _differences[kind] = _differences.GetValueOrDefault(kind) + 1;

    private void Change(string? currency, Func<Takings, Takings> change)
    {
        var key = currency ?? "?";
        _takings[key] = change(_takings.GetValueOrDefault(key) ?? new Takings(0, 0));
    }
}

/// <summary>Money taken and not given back, by each side's books.</summary>
internal sealed record Takings(decimal Ours, decimal Theirs);
