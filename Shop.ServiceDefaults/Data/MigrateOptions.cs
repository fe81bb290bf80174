namespace Shop.ServiceDefaults.Data;

/// <summary>The configuration section <c>Migrate</c>.</summary>
internal sealed class MigrateOptions
{
    public const string Section = "Migrate";

    /// <summary>Whether a process that serves migrates its databases first.</summary>
    public bool AtStart { get; set; }

    /// <summary>How many seconds a migration waits for a server that does not answer yet.</summary>
    [NotNegative]
    public int WaitSeconds { get; set; } = 60;
}
