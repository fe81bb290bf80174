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
    /// <summary><c>GET /api/payments?orderId=&amp;page=&amp;pageSize=</c>, newest first.</summary>
    /// <param name="user">The caller.</param>
    /// <param name="authorization">Tells operators from others.</param>
    /// <param name="db">The payments.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="page">Which page.</param>
    /// <param name="pageSize">The most payments of a page.</param>
    /// <param name="orderId">Only the payment of this order.</param>
    public static async Task<Results<Ok<Page<PaymentView>>, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal user,
        IAuthorizationService authorization,
        PaymentsDbContext db,
        CancellationToken cancellationToken,
        int? page = null,
        int? pageSize = null,
        Guid? orderId = null
    )
    {
        var errors = new Dictionary<string, string[]>();
        var paging = Paging.Of(page, pageSize, errors);
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        var all = await db.VisibleToAsync(user, authorization);
        var visible = orderId is null ? all : all.Where(payment => payment.OrderId == orderId);
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
