using System.Text;
using System.Text.Encodings.Web;
using Microsoft.EntityFrameworkCore;
using Shop.Notifications.Data;
using Shop.Notifications.Providers.Simulated;

namespace Shop.Notifications.Api;

/// <summary>
/// <c>GET /api/notifications/outbox</c>: the last hundred that the simulated providers have taken. A page for a browser, JSON
/// for everybody else.
/// </summary>
internal static class ShowLocalOutbox
{
    private const int Most = 100;

    private const string Head = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>Local outbox</title>
          <style>
            body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1d2939; }
            table { width: 100%; border-collapse: collapse; }
            th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid #e4e7ec; text-align: left; vertical-align: top; }
            th { font-weight: 600; color: #667085; }
            td { white-space: pre-line; overflow-wrap: anywhere; }
            .when { white-space: nowrap; color: #667085; font-variant-numeric: tabular-nums; }
          </style>
        </head>
        <body>
        <h1>Local outbox</h1>
        <p>What the simulated providers of SMS and push have taken, the newest first. Nothing here has left this machine.</p>
        """;

    public static async Task<IResult> HandleAsync(
        HttpContext http,
        NotificationsDbContext db,
        CancellationToken cancellationToken
    )
    {
        var deliveries = await db
            .LocalOutbox.AsNoTracking()
            .OrderByDescending(delivery => delivery.Id)
            .Take(Most)
            .ToListAsync(cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        if (!http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return TypedResults.Ok(new LocalOutboxView(deliveries));
        }

        // The texts have names in them that people have chosen.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return TypedResults.Content(Page(deliveries), "text/html; charset=utf-8");
    }

    private static string Page(List<LocalDelivery> deliveries)
    {
        var page = new StringBuilder(Head);
        if (deliveries.Count == 0)
        {
            return page.Append("<p>It is empty. Order something.</p></body></html>").ToString();
        }

        page.Append("<table><thead><tr><th>When (UTC)</th><th>Way</th><th>To</th><th>Text</th></tr></thead><tbody>");
        foreach (var delivery in deliveries)
        {
            page.Append("<tr><td class=\"when\">")
                .Append(Encoded($"{delivery.AcceptedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}"))
                .Append("</td><td>")
                .Append(Encoded(delivery.Channel.ToString()))
                .Append("</td><td>")
                .Append(Encoded(delivery.Recipient))
                .Append("</td><td>");
            if (delivery.Title.Length > 0)
            {
                page.Append("<strong>").Append(Encoded(delivery.Title)).Append("</strong>\n");
            }

            page.Append(Encoded(delivery.Text)).Append("</td></tr>");
        }

        return page.Append("</tbody></table></body></html>").ToString();
    }

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(text);
}

/// <summary>The same as JSON.</summary>
internal sealed record LocalOutboxView(IReadOnlyList<LocalDelivery> Items);
