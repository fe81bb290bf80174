using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Shop.Billing.Printing;

/// <summary>
/// HTML written as an interpolated string. What stands in the source is markup; whatever is filled in is text and is
/// encoded, unless it is itself an <see cref="Html"/>. So a customer's name cannot become markup by oversight.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Html
{
    private readonly StringBuilder _text;

    /// <summary>Called by the compiler.</summary>
    public Html(int literalLength, int formattedCount) =>
        _text = new StringBuilder(literalLength + formattedCount * 16);

    /// <summary>Nothing.</summary>
    public static Html Empty => $"";

    /// <summary>Called by the compiler for markup.</summary>
    public void AppendLiteral(string markup) => _text.Append(markup);

    /// <summary>Called by the compiler for text.</summary>
    public void AppendFormatted(string? text) => _text.Append(HtmlEncoder.Default.Encode(text ?? ""));

    /// <summary>Called by the compiler for numbers.</summary>
    public void AppendFormatted(int number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Called by the compiler for parts that are HTML already.</summary>
    public void AppendFormatted(Html part) => _text.Append(part._text);

    /// <summary>Called by the compiler for several of them.</summary>
    public void AppendFormatted(IEnumerable<Html> parts)
    {
        foreach (var part in parts)
        {
            AppendFormatted(part);
        }
    }

    /// <inheritdoc />
    public override string ToString() => _text.ToString();
}
