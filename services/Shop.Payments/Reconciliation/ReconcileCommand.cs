using Microsoft.Extensions.Options;

namespace Shop.Payments.Reconciliation;

/// <summary>
/// The verb <c>reconcile</c>: prints what our books and the provider's disagree on. Exit code 0 when they agree, 2 when they
/// do not, 1 when it could not be found out.
/// </summary>
internal sealed class ReconcileCommand(
    Reconciler reconciler,
    ReconciliationRepair repair,
    IOptions<PaymentsOptions> options,
    TimeProvider time
)
{
    /// <summary>The verb.</summary>
    public const string Verb = "reconcile";

    /// <summary>What it does, for the list of verbs.</summary>
    public const string Description = "compares the payments with the provider's books; --grace 00:15:00, --repair";

    /// <summary>The books agree.</summary>
    public const int Agree = 0;

    /// <summary>It could not be found out.</summary>
    public const int Failed = 1;

    /// <summary>The books differ.</summary>
    public const int Differ = 2;

    /// <summary>Runs it with the arguments after the verb.</summary>
    public async Task<int> RunAsync(
        IReadOnlyList<string> args,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        if (!ReconcileArguments.TryParse(args, options.Value.ReconciliationGrace, out var arguments, out var mistake))
        {
            await error.WriteLineAsync($"payments: {Verb}: {mistake}");
            return Failed;
        }

        var before = time.GetUtcNow() - arguments.Grace;
        var totals = new ReconciliationTotals();
        var report = new ReconciliationReport(output);
        var asked = 0;
        await foreach (var difference in reconciler.CompareAsync(before, totals, cancellationToken))
        {
            await report.WriteAsync(difference);
            if (arguments.Repair && await repair.AskAgainAsync(difference, cancellationToken))
            {
                asked++;
            }
        }
        await report.WriteSummaryAsync(totals, before, arguments.Repair ? asked : null);
        return totals.Differences.Count == 0 ? Agree : Differ;
    }
}
