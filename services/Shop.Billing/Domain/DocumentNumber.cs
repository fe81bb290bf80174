using System.Globalization;

namespace Shop.Billing.Domain;

/// <summary>A kind of document; each is numbered for itself.</summary>
internal enum DocumentKind
{
    /// <summary>An invoice.</summary>
    Invoice,

    /// <summary>A credit note.</summary>
    CreditNote,
}

/// <summary>
/// The number of a document within its kind and the year (UTC) of its issue. The numbers of a year begin with 1 and leave
/// none out, as tax offices ask.
/// </summary>
internal readonly record struct DocumentNumber(DocumentKind Kind, int Year, int Sequence)
{
    /// <summary>As it is printed: <c>2026-000001</c>, or <c>CN-2026-000001</c> for a credit note.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(Kind == DocumentKind.CreditNote ? "CN-" : "")}{Year:0000}-{Sequence:000000}"
        );
}
