using System.Diagnostics.CodeAnalysis;

namespace Shop.Storefront.Api;

/// <summary>What the API answered: a value or a problem.</summary>
/// <typeparam name="T">What a good answer is.</typeparam>
/// <param name="Value">The answer.</param>
/// <param name="Problem">Why there is none.</param>
/// <param name="ETag">The version of what was read, for changing it.</param>
public sealed record ApiResult<T>(T? Value, ApiProblem? Problem, string? ETag = null)
    where T : class
{
    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsOk => Value is not null;
}

/// <summary>An answer without a body.</summary>
public sealed record NoBody
{
    /// <summary>The only one.</summary>
    public static readonly NoBody Instance = new();
}

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Page">Its number, from 1.</param>
/// <param name="PageSize">The most items of a page.</param>
/// <param name="Total">How many items all pages have.</param>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record ApiPage<T>(IReadOnlyList<T> Items, int Page, int PageSize, long Total)
{
    /// <summary>How many pages there are.</summary>
    public int Pages => (int)Math.Max(1, (Total + PageSize - 1) / PageSize);
}
