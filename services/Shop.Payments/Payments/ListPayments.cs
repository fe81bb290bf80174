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
    private const int MaxPage = 100_000;
    private const int MaxPageSize = 100;

    /// <summary><c>GET /api/payments?page=&amp;pageSize=</c>, newest first.</summary>
    public static async Task<Results<Ok<PaymentPage>, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal user,
        IAuthorizationService authorization,
        PaymentsDbContext db,
        CancellationToken cancellationToken,
        int page = 1,
        int pageSize = 20
    )
    {
        var errors = new Dictionary<string, string[]>();
        if (page is < 1 or > MaxPage)
        {
            errors["page"] = [$"Must be from 1 to {MaxPage}."];
        }
        if (pageSize is < 1 or > MaxPageSize)
        {
            errors["pageSize"] = [$"Must be from 1 to {MaxPageSize}."];
        }
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        var visible = await db.VisibleToAsync(user, authorization);
        var items = await visible
            .OrderByDescending(payment => payment.CreatedAt)
            .ThenByDescending(payment => payment.Id)
            .Skip((page - 1) * pageSize)
            .Take(pageSize)
            .Select(PaymentView.FromPayment)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(new PaymentPage(items, page, pageSize, await visible.CountAsync(cancellationToken)));
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
