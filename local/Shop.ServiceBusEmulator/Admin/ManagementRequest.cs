using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Shop.ServiceBusEmulator.Admin;

/// <summary>A request of an administration client.</summary>
internal sealed class ManagementRequest(HttpContext context, string path)
{
    private static readonly XmlReaderSettings Xml = new() { Async = true, DtdProcessing = DtdProcessing.Prohibit };

    public string Method { get; } = context.Request.Method;

    /// <summary>The decoded path without outer slashes.</summary>
    public string Path { get; } = path;

    public string Host { get; } = context.Request.Host.Value ?? "localhost";

    public string Address => AddressOf(Path);

    /// <summary>Whether an entity is to be changed; otherwise a new one is to be made.</summary>
    public bool IsUpdate { get; } = context.Request.Headers.ContainsKey("If-Match");

    public string AddressOf(string entity) => $"http://{Host}/{entity}";

    /// <exception cref="XmlException">The body is no XML.</exception>
    public async Task<XElement> BodyAsync()
    {
        using var reader = XmlReader.Create(context.Request.Body, Xml);
        return await XElement.LoadAsync(reader, LoadOptions.None, context.RequestAborted);
    }

    /// <summary>A number of the query, at most a limit.</summary>
    /// <exception cref="ManagementException">It is no number, or below 0.</exception>
    public int Number(string name, int otherwise, int most)
    {
        var text = context.Request.Query[name].ToString();
        return text.Length == 0 ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? Math.Min(number, most)
            : throw ManagementException.Invalid($"'{name}' must be a whole number from 0 on, not '{text}'.");
    }
}
