using System.Security.Claims;
using Microsoft.Extensions.Options;
using Shop.Billing.Domain;
using Shop.Billing.Invoices;
using Shop.Billing.Printing;
using Shop.ServiceDefaults;

namespace Shop.Billing.CreditNotes;

/// <summary>Query: the credit note of an invoice, as JSON or as a page to print.</summary>
internal static class GetCreditNote
{
    /// <summary><c>GET /api/invoices/{id}/credit-note</c>: JSON, or the page when the caller prefers <c>text/html</c>.</summary>
    public static async Task<IResult> HandleAsync(
        Guid id,
        HttpContext http,
        VisibleInvoices visible,
        IOptions<BillingOptions> options,
        CancellationToken cancellationToken
    )
    {
        http.Response.Headers.Append("Vary", "Accept");
        var invoice = await visible.FindAsync(id, http.User, cancellationToken);
        return Answer(id, invoice, options.Value.Seller, asPage: HtmlPreference.IsIn(http.Request));
    }

    /// <summary><c>GET /api/invoices/{id}/credit-note/print</c>: the page.</summary>
    public static async Task<IResult> PrintAsync(
        Guid id,
        ClaimsPrincipal user,
        VisibleInvoices visible,
        IOptions<BillingOptions> options,
        CancellationToken cancellationToken
    ) => Answer(id, await visible.FindAsync(id, user, cancellationToken), options.Value.Seller, asPage: true);

    private static IResult Answer(Guid id, Invoice? invoice, Seller seller, bool asPage) =>
        (invoice, invoice?.CreditNote) switch
        {
            (null, _) => GetInvoice.Unknown(id),
            (_, null) => Problems.NotFound($"Invoice {invoice.Number} has no credit note: nothing was given back."),
            var (_, note) when asPage => new HtmlPageResult(CreditNotePage.Of(invoice, note, seller)),
            var (_, note) => TypedResults.Ok(CreditNoteView.Of(invoice, note)),
        };
}
