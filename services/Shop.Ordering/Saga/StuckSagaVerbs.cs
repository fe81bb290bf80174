using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.ServiceDefaults;

namespace Shop.Ordering.Saga;

/// <summary>The verbs <c>stuck-sagas</c> and <c>resume-saga order|all</c>, for operators; the service may run meanwhile.</summary>
internal static class StuckSagaVerbs
{
    private const string List = "stuck-sagas";
    private const string Resume = "resume-saga";
    private const int Limit = 1000;

    public static void AddStuckSagaVerbs(this IServiceCollection services)
    {
        services.AddVerb(List, "lists orders whose saga waits for an answer that is overdue", ListAsync);
        services.AddVerb(
            Resume,
            "asks again for the answer that an order's saga, or every stuck one, waits for",
            ResumeAsync
        );
    }

    private static async Task<int> ListAsync(
        IServiceProvider services,
        string[] args,
        CancellationToken cancellationToken
    )
    {
        var stuck = await services.GetRequiredService<StuckSagas>().ListAsync(Limit, cancellationToken);
        foreach (var saga in stuck)
        {
            await Console.Out.WriteLineAsync($"{saga.OrderId}\t{saga.Step}\tsince {saga.Since:u}");
        }

        var more = stuck.Count == Limit ? " or more" : "";
        await Console.Out.WriteLineAsync($"ordering: {stuck.Count}{more} stuck saga{(stuck.Count == 1 ? "" : "s")}.");
        return 0;
    }

    private static async Task<int> ResumeAsync(
        IServiceProvider services,
        string[] args,
        CancellationToken cancellationToken
    )
    {
        // Settings may follow, as they may after every verb.
        var words = args.Where(arg => !arg.StartsWith('-')).ToList();
        if (words is ["all"])
        {
            var stuck = await services.GetRequiredService<StuckSagas>().ListAsync(Limit, cancellationToken);
            return await ResumeAsync(services, [.. stuck.Select(saga => saga.OrderId)], cancellationToken);
        }

        if (words is [var word] && Guid.TryParse(word, out var orderId))
        {
            return await ResumeAsync(services, [orderId], cancellationToken);
        }

        await Console.Error.WriteLineAsync($"Say which: the id of an order in the list ('{List}'), or 'all'.");
        return 1;
    }

    private static async Task<int> ResumeAsync(
        IServiceProvider services,
        IReadOnlyList<Guid> orderIds,
        CancellationToken cancellationToken
    )
    {
        var resumed = 0;
        foreach (var orderId in orderIds)
        {
            var outcome = await ResumeOneAsync(services, orderId, cancellationToken);
            resumed += outcome is null ? 1 : 0;
            await Console.Out.WriteLineAsync($"{orderId}\t{outcome ?? "asked again"}");
        }

        await Console.Out.WriteLineAsync($"ordering: {resumed} saga{(resumed == 1 ? "" : "s")} resumed.");
        return resumed == orderIds.Count ? 0 : 1;
    }

    /// <returns>Why it was not resumed, or null.</returns>
    private static async Task<string?> ResumeOneAsync(
        IServiceProvider services,
        Guid orderId,
        CancellationToken cancellationToken
    )
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrderingDbContext>();
        var sagas = await db.LoadSagasAsync([orderId], withItems: true, cancellationToken);
        if (sagas.GetValueOrDefault(orderId) is not { } saga)
        {
            return "there is no such order";
        }

        if (!scope.ServiceProvider.GetRequiredService<SagaEngine>().Resume(saga))
        {
            return $"waits for no answer: its saga is {saga.Status} at {saga.Step}";
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateConcurrencyException)
        {
            return "moved on at the same moment, so nothing was asked";
        }
    }
}
