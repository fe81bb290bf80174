using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Scriban;
using Scriban.Runtime;
using Shop.Notifications.Domain;

namespace Shop.Notifications.Templates;

/// <summary>
/// The texts, in Liquid, one file for each kind and part. What comes from people is only ever a value: it is not read as a
/// template, it is encoded in HTML, and it is one line in everything else.
/// </summary>
internal sealed partial class TemplateSet
{
    public const int MaxSubjectLength = 150;

    private const int MaxShortLength = 300;
    private const string LayoutFile = "layout.html.liquid";

    private readonly Dictionary<string, Template> _templates;

    /// <summary>Reads all templates.</summary>
    /// <exception cref="InvalidOperationException">One of them cannot be read; the message says where.</exception>
    public TemplateSet() =>
        _templates = typeof(TemplateSet)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".liquid", StringComparison.Ordinal))
            .ToDictionary(name => name, Parse);

    /// <summary>The title, which is known before the recipient is.</summary>
    public string Subject(OrderNews news) =>
        OneLine.Of(
            Render(FileOf(news.Kind, "subject"), TemplateModel.ForText(news.OrderId, news.Facts, recipient: "")),
            MaxSubjectLength
        );

    /// <summary>The mail's two bodies.</summary>
    public (string Text, string Html) Mail(Notification notification, Recipient recipient)
    {
        var text = Render(
            FileOf(notification.Kind, "text"),
            TemplateModel.ForText(notification.OrderId, notification.Facts, recipient.Name)
        );
        var model = TemplateModel.ForHtml(notification.OrderId, notification.Facts, recipient.Name);
        var html = Render(
            LayoutFile,
            model,
            ("subject", HtmlEncoder.Default.Encode(notification.Subject)),
            ("body", Render(FileOf(notification.Kind, "html"), model))
        );
        return (GapOfMoreThanOneLine.Replace(text.Trim(), "\n\n") + "\n", html);
    }

    /// <summary>One or two sentences, for SMS and push.</summary>
    public string Short(Notification notification, Recipient recipient) =>
        OneLine.Of(
            Render(
                FileOf(notification.Kind, "short"),
                TemplateModel.ForText(notification.OrderId, notification.Facts, recipient.Name)
            ),
            MaxShortLength
        );

    private string Render(string file, TemplateModel model, params (string Name, string Value)[] more)
    {
        var globals = new ScriptObject();
        globals.Import(model, renamer: member => NameOf(member.Name));
        foreach (var (name, value) in more)
        {
            globals.SetValue(name, value, readOnly: true);
        }

        var context = new LiquidTemplateContext { MemberRenamer = member => NameOf(member.Name) };
        context.PushGlobal(globals);
        return _templates[file].Render(context);
    }

    private static string NameOf(string member) => JsonNamingPolicy.CamelCase.ConvertName(member);

    // OrderConfirmed's text is in order-confirmed.text.liquid.
    private static string FileOf(NotificationKind kind, string part) =>
        $"{JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString())}.{part}.liquid";

    private static Template Parse(string name)
    {
        using var stream = typeof(TemplateSet).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        var template = Template.ParseLiquid(reader.ReadToEnd(), name);
        return template.HasErrors
            ? throw new InvalidOperationException($"A template cannot be read: {template.Messages[0]}")
            : template;
    }

    // What a template leaves out leaves its line breaks behind.
    [GeneratedRegex("\n{3,}")]
    private static partial Regex GapOfMoreThanOneLine { get; }
}
