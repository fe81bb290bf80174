namespace Shop.Gateway.Composition;

/// <summary>What came of asking a service.</summary>
internal enum Outcome
{
    /// <summary>It answered.</summary>
    Answered,

    /// <summary>It has no such thing for this caller.</summary>
    NotFound,

    /// <summary>It does not know who the caller is.</summary>
    Unauthenticated,

    /// <summary>The request breaks one of its rules.</summary>
    Invalid,

    /// <summary>It did not answer in time, or with an error.</summary>
    Unavailable,
}

/// <summary>A service's answer, or why there is none.</summary>
internal readonly record struct Answer<T>(Outcome Outcome, T? Value = default);
