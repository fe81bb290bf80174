using Microsoft.AspNetCore.Http.Extensions;

namespace Shop.Storefront.Pages.Staff;

/// <summary>Query strings from what pages were asked for.</summary>
internal static class StaffQuery
{
    /// <summary>The parameters that are not empty, escaped, with the question mark.</summary>
    public static string Of(params IEnumerable<(string Name, string? Value)> parameters) =>
        new QueryBuilder(
            parameters
                .Where(parameter => !string.IsNullOrEmpty(parameter.Value))
                .Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value!))
        ).ToString();
}
