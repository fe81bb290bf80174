namespace Shop.ServiceDefaults.Data;

/// <summary>
/// Orders of texts. Programs run without ICU and the databases' own locale may be C, so PostgreSQL sorts, and each list that
/// is sorted by a text that people read names its collation.
/// </summary>
public static class Collations
{
    /// <summary>The root order of Unicode and ICU, which people expect: Äpfel, apple, Banana. Case and accents only decide between equal words.</summary>
    public const string People = "und-x-icu";
}
