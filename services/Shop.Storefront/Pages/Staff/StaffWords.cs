using System.Text.RegularExpressions;

namespace Shop.Storefront.Pages.Staff;

/// <summary>Names of the API as staff read them.</summary>
internal static partial class StaffWords
{
    /// <summary>A name in Pascal case: <c>PaymentDeclined</c> becomes "Payment declined".</summary>
    public static string OfName(string name) => Capital.Replace(name, match => " " + match.Value.ToLowerInvariant());

    /// <summary>How long something takes, in its two largest units.</summary>
    public static string OfSeconds(double seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        return time switch
        {
            { TotalSeconds: < 60 } => $"{time.Seconds} s",
            { TotalMinutes: < 60 } => $"{time.Minutes} min {time.Seconds} s",
            { TotalHours: < 24 } => $"{time.Hours} h {time.Minutes} min",
            _ => $"{time.Days} d {time.Hours} h",
        };
    }

    [GeneratedRegex(@"(?<=.)\p{Lu}")]
    private static partial Regex Capital { get; }
}
