using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Shop.Search.Products;

/// <summary>How products are matched with a text.</summary>
internal enum Matching : byte
{
    /// <summary>All of them: nothing is searched for.</summary>
    Everything,

    /// <summary>By words.</summary>
    Words,

    /// <summary>By likeness of letters: no product has the words.</summary>
    Likeness,
}

/// <summary>
/// The place behind a product in a sorted list. It stays where it is while other products come and go. The text that
/// stands for it carries a check sum over itself and the question: what was cut, changed, or made for another question is
/// noticed. It is no secret and no permission: who makes up one that holds just gets another page.
/// </summary>
internal sealed record SearchCursor(Matching Matching, float Rank, decimal Price, string Name, Guid ProductId)
{
    private const byte Format = 3;
    private const int CheckBytes = 8;
    private const int MaxLength = 4096;

    public string Write(string question)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Format);
            writer.Write((byte)Matching);
            writer.Write(Rank);
            writer.Write(Price);
            writer.Write(ProductId.ToByteArray());
            writer.Write(Name);
        }

        var content = stream.ToArray();
        return Base64Url.EncodeToString([.. content, .. Check(content, question)]);
    }

    /// <summary>The place that a text stands for; null when it stands for none.</summary>
    public static SearchCursor? Read(string text, string question)
    {
        if (text.Length > MaxLength || !Base64Url.IsValid(text))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length <= CheckBytes)
        {
            return null;
        }

        var content = bytes[..^CheckBytes];
        if (content[0] != Format || !Check(content, question).AsSpan().SequenceEqual(bytes.AsSpan()[^CheckBytes..]))
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(content[1..]), Encoding.UTF8);
        try
        {
            var matching = (Matching)reader.ReadByte();
            var rank = reader.ReadSingle();
            var price = reader.ReadDecimal();
            var productId = new Guid(reader.ReadBytes(16));
            return Enum.IsDefined(matching) && float.IsFinite(rank)
                ? new SearchCursor(matching, rank, price, reader.ReadString(), productId)
                : null;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or FormatException)
        {
            return null; // made up by somebody who knows the check sum
        }
    }

    private static byte[] Check(byte[] content, string question) =>
        SHA256.HashData([.. content, .. Encoding.UTF8.GetBytes(question)])[..CheckBytes];
}
