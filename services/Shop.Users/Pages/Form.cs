using Microsoft.AspNetCore.Antiforgery;

namespace Shop.Users.Pages;

/// <summary>A form that only this site's own pages can send.</summary>
internal sealed class Form(IAntiforgery antiforgery)
{
    /// <summary>A form as HTML.</summary>
    /// <param name="http">The request that is answered with it.</param>
    /// <param name="action">The path, with a query, that it is sent to.</param>
    /// <param name="fields">Its fields and button, as HTML.</param>
    public string Html(HttpContext http, string action, string fields)
    {
        var tokens = antiforgery.GetAndStoreTokens(http);
        return $"""
            <form method="post" action="{Page.Encode(action)}">
            <input type="hidden" name="{tokens.FormFieldName}" value="{tokens.RequestToken}">
            {fields}
            </form>
            """;
    }

    /// <summary>What was sent, or null when it does not come from a page of this site.</summary>
    public async Task<IFormCollection?> ReadAsync(HttpContext http)
    {
        try
        {
            await antiforgery.ValidateRequestAsync(http);
            return await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (AntiforgeryValidationException)
        {
            return null;
        }
    }

    /// <summary>A field as HTML.</summary>
    public static string Field(
        string name,
        string label,
        string type,
        string autocomplete,
        string? value = null,
        string? hint = null,
        string? problem = null
    )
    {
        var about = problem ?? hint;
        return $"""
            <label for="{name}">{label}</label>
            <input id="{name}" name="{name}" type="{type}" autocomplete="{autocomplete}" value="{Page.Encode(
                value
            )}" required{(about is null ? "" : $" aria-describedby=\"{name}-about\"")}{(
                problem is null ? "" : " aria-invalid=\"true\""
            )}>
            {(about is null ? "" : $"<p class=\"{(problem is null ? "hint" : "error field")}\" id=\"{name}-about\">{Page.Encode(about)}</p>")}
            """;
    }

    /// <summary>Why it has to be sent again, as HTML.</summary>
    public static string Problem(string? problem) =>
        problem is null ? "" : $"""<p class="error" role="alert">{Page.Encode(problem)}</p>""";
}
