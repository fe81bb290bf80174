using System.Globalization;

namespace Shop.Storefront.Pages.Staff;

/// <summary>Which orders the list shows. The texts go to the API as they are, which checks them.</summary>
public sealed record OrderQuery(string? Text, string? Status, string? Age)
{
    public static readonly IReadOnlyList<string> Statuses =
    [
        "Pending",
        "Confirmed",
        "Shipped",
        "Delivered",
        "Cancelled",
    ];

    public static readonly IReadOnlyList<(string Value, string Text)> Ages =
    [
        ("hour", "Placed in the last hour"),
        ("today", "Placed today (UTC)"),
        ("older", "Older than a day"),
    ];

    private const int PageSize = 25;

    /// <summary>The address of a page of the list.</summary>
    public string Address(int page) =>
        "/staff/orders"
        + StaffQuery.Of(
            ("q", Text?.Trim()),
            ("status", Status),
            ("age", Age),
            ("page", page == 1 ? null : Number(page))
        );

    /// <summary>The address of all orders of a user.</summary>
    public static string OfUser(Guid user) => "/staff/orders" + StaffQuery.Of(("q", user.ToString()));

    /// <summary>The query of the API.</summary>
    public string ApiQuery(string? page, DateTimeOffset now) =>
        StaffQuery.Of(
            ("all", "true"),
            ("q", Text?.Trim()),
            ("status", Status),
            ("placedAfter", PlacedAfter(now)),
            ("placedBefore", Age == "older" ? Time(now.AddDays(-1)) : null),
            ("page", page),
            ("pageSize", Number(PageSize))
        );

    private string? PlacedAfter(DateTimeOffset now) =>
        Age switch
        {
            "hour" => Time(now.AddHours(-1)),
            "today" => Time(new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero)),
            _ => null,
        };

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
