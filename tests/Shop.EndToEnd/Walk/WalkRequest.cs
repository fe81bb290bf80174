using System.Globalization;
using System.Text;

namespace Shop.EndToEnd.Walk;

/// <summary>One step of the walk, to be sent as it is written, and to be shown so that somebody can repeat it.</summary>
/// <param name="Operation">The operation that it means.</param>
/// <param name="Caller">In whose name.</param>
/// <param name="Target">Path and query, encoded.</param>
/// <param name="Headers">Without the token.</param>
/// <param name="Body">If there is one.</param>
internal sealed record WalkRequest(
    Operation Operation,
    string Caller,
    string Target,
    IReadOnlyList<(string Name, string Value)> Headers,
    string? Body
)
{
    private const int Shown = 2000;

    // The framework would tidy the address up.
    private static readonly UriCreationOptions s_asWritten = new()
    {
        DangerousDisablePathAndQueryCanonicalization = true,
    };

    public HttpRequestMessage ToMessage(Uri shop, string? token)
    {
        var address = new Uri(shop.GetLeftPart(UriPartial.Authority) + Target, s_asWritten);
        var message = new HttpRequestMessage(new HttpMethod(Operation.Method), address);
        if (Body is not null)
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
        foreach (var (name, value) in Headers)
        {
            if (name == "Content-Type")
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            else
                message.Headers.TryAddWithoutValidation(name, value);
        }

        if (token is not null)
            message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return message;
    }

    /// <summary>The request for the command line; the caller's token is to be put into the variable of that name.</summary>
    public override string ToString()
    {
        var curl = new StringBuilder(
            $"curl -gisS --path-as-is -X {Operation.Method} {Quoted("http://localhost:8080" + Target)}"
        );
        if (Caller != Walkers.Anonymous)
            curl.Append(CultureInfo.InvariantCulture, $" -H \"Authorization: Bearer ${Caller.ToUpperInvariant()}\"");
        foreach (var (name, value) in Headers)
            curl.Append(CultureInfo.InvariantCulture, $" -H {Quoted($"{name}: {value}")}");
        if (Body is not null)
            curl.Append(CultureInfo.InvariantCulture, $" --data-binary {Quoted(Body)}");
        return curl.ToString();
    }

    private static string Quoted(string text) =>
        "'"
        + (text.Length > Shown ? $"{text[..Shown]}[... {text.Length} characters]" : text).Replace(
            "'",
            "'\\''",
            StringComparison.Ordinal
        )
        + "'";
}
