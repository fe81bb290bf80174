using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Shop.ServiceDefaults.Data;

/// <summary>What a unit of work tracks, for those who look at it while it is saved.</summary>
public static class TrackedEntities
{
    /// <summary>
    /// The entries of a type as they are known, without looking for changes. That compares every tracked entity with what was
    /// read, and <c>SaveChanges</c> does it anyway.
    /// </summary>
    /// <typeparam name="TEntity">Their type.</typeparam>
    /// <param name="tracker">Whose.</param>
    /// <returns>
    /// They, with the states of the last look for changes: until the next one, an entity that was read and then changed still
    /// counts as unchanged.
    /// </returns>
    public static List<EntityEntry<TEntity>> KnownEntries<TEntity>(this ChangeTracker tracker)
        where TEntity : class
    {
        ArgumentNullException.ThrowIfNull(tracker);
        var detects = tracker.AutoDetectChangesEnabled;
        tracker.AutoDetectChangesEnabled = false;
        try
        {
            return [.. tracker.Entries<TEntity>()];
        }
        finally
        {
            tracker.AutoDetectChangesEnabled = detects;
        }
    }
}
