using System.Globalization;

namespace Shop.Payments.Reconciliation;

/// <summary>Prints a reconciliation: a line for each difference as it is found, then the summary.</summary>
internal sealed class ReconciliationReport(TextWriter output)
{
    private const int KindWidth = 15;
    private const int IdWidth = 36;
    private const int OursWidth = 44;

    private bool _hasHeader;

    /// <summary>Prints a line of the table; the first has the heading above it.</summary>
    public async Task WriteAsync(Difference difference)
    {
        if (!_hasHeader)
        {
            _hasHeader = true;
            await WriteLineAsync("DIFFERENCE", "PAYMENT", "ORDER", "OUR BOOKS", "PROVIDER'S BOOKS");
        }
        await WriteLineAsync(
            NameOf(difference.Kind),
            Printable(difference.Payment),
            difference.OrderId?.ToString() ?? "-",
            difference.Ours,
            Printable(difference.Theirs)
        );
    }

    /// <summary>Prints what was compared and what came of it.</summary>
    /// <param name="totals">The counts.</param>
    /// <param name="before">Nothing younger was compared.</param>
    /// <param name="asked">About how many payments the provider is asked again; null when that was not wanted.</param>
    public async Task WriteSummaryAsync(ReconciliationTotals totals, DateTimeOffset before, int? asked)
    {
        if (_hasHeader)
        {
            await output.WriteLineAsync();
        }
        await WriteAsync(
            $"Compared {totals.Payments:N0} payments with {totals.Charges:N0} charges of the provider, unchanged since {before:u}; {totals.Young:N0} younger ones left out."
        );
        foreach (var (currency, takings) in totals.Takings)
        {
            await WriteAsync(
                $"Taken and not given back in {currency}: {takings.Ours:N2} by our books, {takings.Theirs:N2} by the provider's."
            );
        }
        if (asked is { } count)
        {
            await WriteAsync(
                $"The provider is asked again about {count:N0} payments by the running service; reconcile again when it has."
            );
        }
        var kinds = totals.Differences.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {NameOf(pair.Key)}");
        await WriteAsync(
            totals.Differences.Count == 0
                ? (FormattableString)$"Both books agree."
                : $"{Count(totals.Differences.Values.Sum())}: {string.Join(", ", kinds)}."
        );
    }

    private static string Count(int differences) =>
        differences == 1
            ? "1 difference"
            : string.Create(CultureInfo.InvariantCulture, $"{differences:N0} differences");

    private static string NameOf(DifferenceKind kind) =>
        kind switch
        {
            DifferenceKind.UnknownCharge => "unknown charge",
            DifferenceKind.MissingCharge => "missing charge",
            DifferenceKind.Amount => "amount",
            DifferenceKind.State => "state",
            DifferenceKind.UnknownRefund => "unknown refund",
            DifferenceKind.MissingRefund => "missing refund",
            _ => "stuck",
        };

    private Task WriteLineAsync(string kind, string payment, string order, string ours, string theirs) =>
        output.WriteLineAsync(
            $"{kind.PadRight(KindWidth)} {payment.PadRight(IdWidth)} {order.PadRight(IdWidth)} {ours.PadRight(OursWidth)} {theirs}"
        );

    private Task WriteAsync(FormattableString line) =>
        output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));

    // The provider's strings come from outside; a terminal shall not be steered by them.
    private static string Printable(string text) =>
        string.Concat(text.Select(character => char.IsControl(character) ? '?' : character));
}
