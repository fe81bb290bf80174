using System.Runtime.ExceptionServices;

namespace Shop.Catalog.Products;

/// <summary>What came of asking for several products at once.</summary>
/// <param name="Found">Those that exist, in no particular order.</param>
/// <param name="Unread">Those that are not kept, while the database does not answer.</param>
/// <param name="Failure">How the database failed, if there are any.</param>
internal sealed record ProductBatch(
    IReadOnlyList<ProductSnapshot> Found,
    IReadOnlyList<Guid> Unread,
    Exception? Failure = null
)
{
    /// <summary>Those that exist, if that is known of each.</summary>
    /// <exception cref="Exception">It is not: the database's failure.</exception>
    public IReadOnlyList<ProductSnapshot> Whole()
    {
        if (Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return Found;
    }
}
