using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Shop.Gateway.Catalog.V1;
using Shop.ServiceDefaults.Telemetry;

namespace Shop.Gateway.Catalog;

/// <summary>
/// A call for the products of one or more requests. It is in the trace of the first, and linked to those of the others. Who
/// joins or leaves holds the lock of <see cref="ProductBatches"/>.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "What cancels has neither a timer nor a handle to give back.")]
internal sealed class ProductBatch(CatalogClient catalog)
{
    private static readonly ActivitySource Source = new("Shop.Gateway");

    private readonly HashSet<Guid> ids = [];
    private readonly List<ActivityLink> others = [];
    private readonly CancellationTokenSource cancellation = new();

    // Those who wait go on side by side, and not one after the other.
    private readonly TaskCompletionSource<Answer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int requests;

    private sealed record Answer(
        IReadOnlyDictionary<string, Product> Products,
        IReadOnlyCollection<string> Unreachable
    );

    /// <summary>Those of the first request.</summary>
    public Surroundings Surroundings { get; } = Surroundings.Capture();

    public bool IsFull => ids.Count == CatalogClient.MaxBatch;

    public void Add(Guid id)
    {
        ids.Add(id);
        if (requests++ > 0 && Activity.Current is { Recorded: true } request)
        {
            others.Add(new ActivityLink(request.Context));
        }
    }

    /// <returns>Whether anybody still waits for it.</returns>
    public bool Leave() => --requests > 0;

    /// <summary>Ends the call, if it is still under way.</summary>
    public void Cancel()
    {
        if (!answer.Task.IsCompleted)
        {
            cancellation.Cancel();
        }
    }

    /// <summary>Makes the call. Does not fail; those who wait are told.</summary>
    public async Task SendAsync()
    {
        using var span = others.Count == 0 ? null : StartSpan();
        var call = CallAsync();
        await ((Task)call).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        answer.SetFromTask(call);
        // Where all have left, nobody else looks at it.
        _ = answer.Task.Exception;
    }

    /// <summary>The product when the call has been answered; null when there is none of that id.</summary>
    public async Task<Product?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var (products, unreachable) = await answer.Task.WaitAsync(cancellationToken);
        var key = id.ToString();
        return unreachable.Contains(key)
            // Catalog could read others, but not this one: it is tried again, and fails, alone.
            ? await catalog.GetProductAsync(id, cancellationToken)
            : products.GetValueOrDefault(key);
    }

    private Activity? StartSpan() =>
        Source.StartActivity("read products", ActivityKind.Internal, parentContext: default, links: others);

    private async Task<Answer> CallAsync()
    {
        var read = await catalog.GetReachableProductsAsync(ids, cancellation.Token);
        return new Answer(read.Products.ToDictionary(product => product.Id), read.Unreachable);
    }
}
