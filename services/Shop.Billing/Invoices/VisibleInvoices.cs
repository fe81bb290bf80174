using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Shop.Billing.Data;
using Shop.Billing.Domain;
using Shop.ServiceDefaults;

namespace Shop.Billing.Invoices;

/// <summary>The invoices that the caller may see: one's own, or everybody's for an operator.</summary>
internal sealed class VisibleInvoices(BillingDbContext db, IAuthorizationService authorization)
{
    /// <summary>They, for reading.</summary>
    public async Task<IQueryable<Invoice>> ToAsync(ClaimsPrincipal user)
    {
        if ((await authorization.AuthorizeAsync(user, Policies.Operator)).Succeeded)
        {
            return db.Invoices.AsNoTracking();
        }
        var userId = user.GetUserId();
        return db.Invoices.AsNoTracking().Where(invoice => invoice.UserId == userId);
    }

    /// <summary>One of them with its credit note, or null when there is none or it is not the caller's.</summary>
    public async Task<Invoice?> FindAsync(Guid id, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var visible = await ToAsync(user);
        return await visible
            .Include(invoice => invoice.CreditNote)
            .SingleOrDefaultAsync(invoice => invoice.Id == id, cancellationToken);
    }
}
