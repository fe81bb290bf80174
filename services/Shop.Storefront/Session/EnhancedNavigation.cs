namespace Shop.Storefront.Session;

/// <summary>
/// Blazor's enhanced navigation fetches pages by script. It cannot show pages that are not Blazor's, such as the sign-in page,
/// as the answer to a form: the browser has to go there itself.
/// </summary>
internal static class EnhancedNavigation
{
    private const string Marker = "blazor-enhanced-nav";

    public static bool IsOf(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains(Marker, StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes the browser load an address of this site as a whole page.</summary>
    public static void Leave(HttpResponse response, string address)
    {
        response.Headers[Marker] = "allow";
        response.Headers[$"{Marker}-redirect-location"] = address;
        response.ContentType = "text/html";
    }
}
