using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shop.Payments.Reconciliation;

/// <summary>What the verb <c>reconcile</c> was asked to do.</summary>
/// <param name="Grace">What changed within it is left out.</param>
/// <param name="Repair">Whether the provider is to be asked again where that can help.</param>
internal sealed record ReconcileArguments(TimeSpan Grace, bool Repair)
{
    /// <summary>Reads <c>--grace hh:mm:ss</c> and <c>--repair</c>; anything else is a mistake.</summary>
    public static bool TryParse(
        IReadOnlyList<string> args,
        TimeSpan defaultGrace,
        [NotNullWhen(true)] out ReconcileArguments? arguments,
        [NotNullWhen(false)] out string? mistake
    )
    {
        arguments = new ReconcileArguments(defaultGrace, Repair: false);
        mistake = null;
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--repair":
                    arguments = arguments with { Repair = true };
                    break;
                case "--grace" when i + 1 < args.Count && TryParseGrace(args[i + 1], out var grace):
                    arguments = arguments with { Grace = grace };
                    i++;
                    break;
                case "--grace":
                    mistake = "--grace needs a time from 00:00:00 to 7.00:00:00, such as 00:15:00.";
                    return false;
                default:
                    mistake = $"'{args[i]}' is not known; it takes --grace hh:mm:ss and --repair.";
                    return false;
            }
        }
        return true;
    }

    private static bool TryParseGrace(string text, out TimeSpan grace) =>
        TimeSpan.TryParseExact(text, ["c", @"hh\:mm"], CultureInfo.InvariantCulture, out grace)
        && grace >= TimeSpan.Zero
        && grace <= TimeSpan.FromDays(7);
}
