using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Shop.ServiceBusEmulator.Admin;

/// <summary>A request for an entity that cannot be served: a status as in HTTP, and what is wrong.</summary>
internal sealed class ManagementException(int status, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public static ManagementException Invalid(string detail) => new(400, detail);
}

/// <summary>The Atom documents in which Service Bus' management speaks over HTTP.</summary>
internal static class Atom
{
    /// <summary>Of entries and feeds.</summary>
    public static readonly XNamespace Namespace = "http://www.w3.org/2005/Atom";

    /// <summary>Of descriptions.</summary>
    public static readonly XNamespace ServiceBus =
        "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";

    /// <summary>Of the counts within a description.</summary>
    public static readonly XNamespace Counts = "http://schemas.microsoft.com/netservices/2011/06/servicebus";

    /// <summary>Of the attribute that says which kind of filter, action or value an element holds.</summary>
    public static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>Of the types of values.</summary>
    public static readonly XNamespace Schema = "http://www.w3.org/2001/XMLSchema";

    public static XElement Entry(string title, string address, XElement description) =>
        new(
            Namespace + "entry",
            new XElement(Namespace + "id", address),
            new XElement(Namespace + "title", new XAttribute("type", "text"), title),
            new XElement(Namespace + "link", new XAttribute("rel", "self"), new XAttribute("href", address)),
            new XElement(Namespace + "content", new XAttribute("type", "application/xml"), description)
        );

    public static XElement Feed(string title, string address, IEnumerable<XElement> entries) =>
        new(
            Namespace + "feed",
            new XElement(Namespace + "title", new XAttribute("type", "text"), title),
            new XElement(Namespace + "id", address),
            entries
        );

    public static XElement Error(int status, string detail) =>
        new("Error", new XElement("Code", status), new XElement("Detail", Text(detail)));

    /// <summary>A text that XML can hold: AMQP and JSON know characters that it does not.</summary>
    public static string Text(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            kept.Append(!rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value) ? rune : Rune.ReplacementChar);
        }

        return kept.ToString();
    }

    /// <summary>A moment as the SDKs read it.</summary>
    public static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("o", CultureInfo.InvariantCulture);

    /// <summary>The description in an entry.</summary>
    /// <exception cref="ManagementException">There is none of that name.</exception>
    public static XElement Description(XElement entry, string name) =>
        entry.Element(Namespace + "content")?.Element(ServiceBus + name)
        ?? throw ManagementException.Invalid(
            $"The body must be an Atom entry whose content is one {name} in the namespace {ServiceBus}."
        );
}
