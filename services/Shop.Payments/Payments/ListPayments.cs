using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Payments.Data;
using Shop.Payments.Domain;
using Shop.ServiceDefaults;

namespace Shop.Payments.Payments;

/// <summary>Query: one's own payments; an operator sees everybody's.</summary>
internal static class ListPayments
{
    /// <summary><c>GET /api/payments?page=&amp;pageSize=</c>, newest first.</summary>
    public static async Task<Results<Ok<Page<PaymentView>>, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal user,
        IAuthorizationService authorization,
        PaymentsDbContext db,
        CancellationToken cancellationToken,
        int? page = null,
        int? pageSize = null
    )
    {
        var errors = new Dictionary<string, string[]>();
        var paging = Paging.Of(page, pageSize, errors);
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        var visible = await db.VisibleToAsync(user, authorization);
        var items = await visible
            .OrderByDescending(payment => payment.CreatedAt)
            .ThenByDescending(payment => payment.Id)
            .Skip(paging.Skip)
            .Take(paging.PageSize)
            .Select(PaymentView.FromPayment)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(
            new Page<PaymentView>(
                items,
                paging.Number,
                paging.PageSize,
                await visible.LongCountAsync(cancellationToken)
            )
        );
    }

    /// <summary>The payments that the user may see.</summary>
    public static async Task<IQueryable<Payment>> VisibleToAsync(
        this PaymentsDbContext db,
        ClaimsPrincipal user,
        IAuthorizationService authorization
    )
    {
        if ((await authorization.AuthorizeAsync(user, Policies.Operator)).Succeeded)
        {
            return db.Payments.AsNoTracking();
        }
        var userId = user.GetUserId();
        return db.Payments.AsNoTracking().Where(payment => payment.UserId == userId);
    }
}
