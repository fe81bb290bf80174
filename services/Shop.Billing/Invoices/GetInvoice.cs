using System.Security.Claims;
using Microsoft.Extensions.Options;
using Shop.Billing.Printing;
using Shop.ServiceDefaults;

namespace Shop.Billing.Invoices;

/// <summary>Query: one invoice, as JSON or as a page to print.</summary>
internal static class GetInvoice
{
    /// <summary><c>GET /api/invoices/{id}</c>: JSON, or the page when the caller prefers <c>text/html</c>.</summary>
    public static async Task<IResult> HandleAsync(
        Guid id,
        HttpContext http,
        VisibleInvoices visible,
        IOptions<BillingOptions> options,
        CancellationToken cancellationToken
    )
    {
        http.Response.Headers.Append("Vary", "Accept");
        if (await visible.FindAsync(id, http.User, cancellationToken) is not { } invoice)
        {
            return Unknown(id);
        }
        return HtmlPreference.IsIn(http.Request)
            ? new HtmlPageResult(InvoicePage.Of(invoice, options.Value.Seller))
            : TypedResults.Ok(InvoiceView.Of(invoice));
    }

    /// <summary><c>GET /api/invoices/{id}/print</c>: the page.</summary>
    public static async Task<IResult> PrintAsync(
        Guid id,
        ClaimsPrincipal user,
        VisibleInvoices visible,
        IOptions<BillingOptions> options,
        CancellationToken cancellationToken
    ) =>
        await visible.FindAsync(id, user, cancellationToken) is { } invoice
            ? new HtmlPageResult(InvoicePage.Of(invoice, options.Value.Seller))
            : Unknown(id);

    /// <summary>404: there is none, or it is not the caller's.</summary>
    public static IResult Unknown(Guid id) => Problems.NotFound($"There is no invoice {id} of yours; check the id.");
}
