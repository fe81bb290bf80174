namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>
/// How a DbContext reaches PostgreSQL. Bound from <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL</c>, then from its
/// sub-sections named after the connection and after the context type.
/// </summary>
public class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>Gets or sets the connection string; <c>ConnectionStrings:{name}</c> wins over it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Gets or sets whether commands that fail transiently are not repeated. They are by default.</summary>
    public bool DisableRetry { get; set; }

    /// <summary>Gets or sets whether no health check is registered. One is by default, named after the context type.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Gets or sets whether database spans are not collected. They are by default.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Gets or sets whether database metrics are not collected. They are by default.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Gets or sets how many seconds a command may take; the provider's default when null.</summary>
    public int? CommandTimeout { get; set; }
}
