using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Billing.Domain;
using Shop.ServiceDefaults;

namespace Shop.Billing.Invoices;

/// <summary>
/// Query: one's own invoices; an operator sees everybody's, or one user's, or the overdue ones. <c>mine</c> is for operators
/// who want their own; <c>orderIds</c> (up to 100) makes it the batch read for a list of orders.
/// </summary>
internal static class ListInvoices
{
    private const int MaxOrders = 100;

    /// <summary>
    /// <c>GET /api/invoices?page=&amp;pageSize=&amp;userId=&amp;status=&amp;overdue=&amp;mine=&amp;orderIds=</c>, newest first;
    /// the overdue ones with the oldest debt first.
    /// </summary>
    /// <param name="page">Which page.</param>
    /// <param name="pageSize">The most invoices of a page.</param>
    /// <param name="userId">For operators: only this user's.</param>
    /// <param name="status">Only those that are `UNPAID`, `PAID` or `VOID`.</param>
    /// <param name="overdue">Only those that should have been paid by now.</param>
    /// <param name="mine">For operators: only their own.</param>
    /// <param name="orderIds">Only those of these orders: up to 100 ids, separated by commas.</param>
    /// <param name="user">Whose.</param>
    /// <param name="visible">What the user may see.</param>
    /// <param name="time">Says what is overdue.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Results<Ok<Page<InvoiceSummary>>, ProblemHttpResult>> HandleAsync(
        int? page,
        int? pageSize,
        Guid? userId,
        string? status,
        bool? overdue,
        bool? mine,
        string? orderIds,
        ClaimsPrincipal user,
        VisibleInvoices visible,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var errors = new Dictionary<string, string[]>();
        var paging = Paging.Of(page, pageSize, errors);
        var wanted = InvoiceStatus.Unpaid;
        if (status is not null && !TryRead(status, out wanted))
        {
            errors["status"] = ["Must be UNPAID, PAID or VOID."];
        }
        Guid[] orders = [];
        if (orderIds is not null && !TryRead(orderIds, out orders))
        {
            errors["orderIds"] = [$"Must be 1 to {MaxOrders} order ids separated by commas."];
        }
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        var invoices = await visible.ToAsync(user);
        if (mine == true)
        {
            var caller = user.GetUserId();
            invoices = invoices.Where(invoice => invoice.UserId == caller);
        }
        if (orderIds is not null)
        {
            invoices = invoices.Where(invoice => orders.Contains(invoice.OrderId));
        }
        if (userId is not null)
        {
            invoices = invoices.Where(invoice => invoice.UserId == userId);
        }
        if (status is not null)
        {
            invoices = invoices.Where(invoice => invoice.Status == wanted);
        }
        if (overdue == true)
        {
            var now = time.GetUtcNow();
            invoices = invoices.Where(invoice => invoice.Status == InvoiceStatus.Unpaid && invoice.DueAt < now);
        }

        var total = await invoices.LongCountAsync(cancellationToken);
        var ordered =
            overdue == true
                ? invoices.OrderBy(invoice => invoice.DueAt).ThenBy(invoice => invoice.Id)
                : invoices.OrderByDescending(invoice => invoice.IssuedAt).ThenByDescending(invoice => invoice.Number);
        var items = await ordered
            .Skip(paging.Skip)
            .Take(paging.PageSize)
            .Select(InvoiceSummary.FromInvoice)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(new Page<InvoiceSummary>(items, paging.Number, paging.PageSize, total));
    }

    private static bool TryRead(string text, out Guid[] ids)
    {
        var parts = text.Split(',', MaxOrders + 1, StringSplitOptions.TrimEntries);
        ids = new Guid[parts.Length];
        var valid = parts.Length <= MaxOrders;
        for (var i = 0; valid && i < parts.Length; i++)
        {
            valid = Guid.TryParseExact(parts[i], "D", out ids[i]);
        }
        return valid;
    }

    // By name only: a number would be taken for a status, too.
    private static bool TryRead(string text, out InvoiceStatus status)
    {
        status = default;
        return text.All(char.IsAsciiLetter) && Enum.TryParse(text, ignoreCase: true, out status);
    }
}
