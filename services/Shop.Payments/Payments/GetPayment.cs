using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Payments.Data;
using Shop.ServiceDefaults;

namespace Shop.Payments.Payments;

/// <summary>Query: one payment, if the caller may see it.</summary>
internal static class GetPayment
{
    /// <summary><c>GET /api/payments/{id}</c>.</summary>
    public static async Task<Results<Ok<PaymentView>, ProblemHttpResult>> HandleAsync(
        Guid id,
        ClaimsPrincipal user,
        IAuthorizationService authorization,
        PaymentsDbContext db,
        CancellationToken cancellationToken
    )
    {
        var visible = await db.VisibleToAsync(user, authorization);
        var payment = await visible
            .Where(p => p.Id == id)
            .Select(PaymentView.FromPayment)
            .SingleOrDefaultAsync(cancellationToken);
        return payment is null ? Unknown(id) : TypedResults.Ok(payment);
    }

    /// <summary>404: there is none, or it is not the caller's.</summary>
    public static ProblemHttpResult Unknown(Guid id) =>
        Problems.NotFound($"There is no payment {id} of yours; check the id.");
}
