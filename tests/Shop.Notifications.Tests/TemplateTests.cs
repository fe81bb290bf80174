using System.Globalization;
using Shop.Notifications.Domain;
using Shop.Notifications.Messages;
using Shop.Notifications.Templates;

namespace Shop.Notifications.Tests;

public sealed class TemplateTests
{
    private static readonly TemplateSet Templates = new();
    private static readonly Moment Now = new(Given.Noon, null);

    private readonly Guid _order = Guid.Parse("01900000-0000-7000-8000-0000deadbeef");
    private readonly Guid _user = Guid.CreateVersion7();

    public static TheoryData<string> Kinds => new(Enum.GetNames<NotificationKind>());

    [Fact]
    public void A_confirmation_has_the_whole_order_in_both_forms()
    {
        var (text, html) = Mail(Confirmed([new OrderConfirmedItem("Umbrella", 2, 39.80m)]));

        foreach (
            var said in new[]
            {
                "Ada",
                "Umbrella",
                "$39.80",
                "$139.80",
                "-$13.98",
                "$8.81",
                "$134.63",
                "1 January 2026",
                "Denver, CO 80202",
                "United States",
                _order.ToString(),
            }
        )
        {
            Assert.Contains(said, text, StringComparison.Ordinal);
            Assert.Contains(said, html, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("US-CO", text, StringComparison.Ordinal);

        Assert.Equal("Your order DEADBEEF is confirmed", Templates.Subject(Confirmed([])));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_title_and_a_short_text(string kind)
    {
        var notification = Make(new OrderNews(Enum.Parse<NotificationKind>(kind), _order, _user, new OrderFacts()));

        Assert.Contains("DEADBEEF", notification.Subject, StringComparison.Ordinal);
        var text = Templates.Short(notification, Somebody("Ada"));
        Assert.Contains("DEADBEEF", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 20, 160);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_text_without_the_facts_has_no_holes(string kind)
    {
        if (kind == nameof(NotificationKind.DeliveryNotification))
        {
            return; // goes by push only
        }

        var (text, html) = Mail(new OrderNews(Enum.Parse<NotificationKind>(kind), _order, _user, new OrderFacts()));

        Assert.All(
            [text, html],
            written =>
            {
                Assert.DoesNotContain("{{", written, StringComparison.Ordinal);
                Assert.DoesNotContain("{%", written, StringComparison.Ordinal);
                Assert.DoesNotContain(" .", written, StringComparison.Ordinal);
            }
        );
        Assert.DoesNotContain("Total", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shipment_names_carrier_and_number()
    {
        var (text, html) = Mail(Given.Shipped(_order, _user).ToNews());

        Assert.All(
            [text, html],
            written =>
            {
                Assert.Contains("UPS", written, StringComparison.Ordinal);
                Assert.Contains("1Z999AA10123456784", written, StringComparison.Ordinal);
            }
        );
    }

    [Theory]
    [InlineData(true, "What you have paid goes back to you")]
    [InlineData(false, "If anything was charged, it goes back to you")]
    public void A_cancellation_says_why_and_what_becomes_of_the_money(bool wasConfirmed, string money)
    {
        var (text, html) = Mail(Given.Cancelled(_order, _user, wasConfirmed).ToNews());

        Assert.All(
            [text, html],
            written =>
            {
                Assert.Contains("You have cancelled the order.", written, StringComparison.Ordinal);
                Assert.Contains(money, written, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void What_people_have_written_is_neither_HTML_nor_a_template()
    {
        var news = Confirmed([new OrderConfirmedItem("<script>alert(1)</script> {{ orderId }} {% raw %}", 1, 1m)]);

        var (text, html) = Mail(news, name: "<b>Ada</b> {{ total }}");

        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Ada", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("{{ orderId }} {% raw %}", html, StringComparison.Ordinal);
        Assert.Contains("<b>Ada</b> {{ total }}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_people_have_written_stays_in_its_line()
    {
        var news = Given.Cancelled(_order, _user).ToNews();
        news = news with { Facts = news.Facts with { Detail = "one\r\n\r\nSubject: two\u2028three\u202Efour\0" } };

        var (text, _) = Mail(news, name: "Ada\r\nBcc: eve@example.com");

        Assert.Contains("Hello Ada Bcc: eve@example.com,", text, StringComparison.Ordinal);
        Assert.Contains("one Subject: two three four", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_order_is_cut_and_says_so()
    {
        var news = Confirmed([.. Enumerable.Range(1, 60).Select(i => new OrderConfirmedItem($"Thing {i}.", 1, 1m))]);

        var (text, html) = Mail(news);

        Assert.Contains("Thing 50.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Thing 51.", text, StringComparison.Ordinal);
        Assert.Contains("and 10 more", text, StringComparison.Ordinal);
        Assert.Contains("and 10 more", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("USD", "1234.5", "$1,234.50")]
    [InlineData("EUR", "0.1", "€0.10")]
    [InlineData("CHF", "7", "7.00 CHF")]
    [InlineData(null, "7", "7.00")]
    public void Amounts_are_written_out(string? currency, string amount, string written)
    {
        var facts = new OrderFacts { Total = decimal.Parse(amount, CultureInfo.InvariantCulture), Currency = currency };

        Assert.Equal(written, TemplateModel.ForText(_order, facts, "Ada").Total);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("  a \t\n b  ", "a b")]
    [InlineData("abcdefghij", "abcdefghij")]
    [InlineData("abcdefghijk", "abcdefghi…")]
    [InlineData("\u0001\u0002", "")]
    public void A_line_is_one_line_of_limited_length(string? text, string line) =>
        Assert.Equal(line, OneLine.Of(text, 10));

    private static OrderNews Confirmed(OrderConfirmedItem[] items, Guid order, Guid user) =>
        Given.Confirmed(new UserTold(user, "", "", null, null, 1), order, items).ToNews();

    private OrderNews Confirmed(OrderConfirmedItem[] items) => Confirmed(items, _order, _user);

    private static Notification Make(OrderNews news) =>
        Notification.By(Channel.Email, news, Templates.Subject(news), Given.Noon, Now);

    private static (string Text, string Html) Mail(OrderNews news, string name = "Ada") =>
        Templates.Mail(Make(news), Somebody(name));

    private static Recipient Somebody(string name) =>
        new()
        {
            UserId = Guid.CreateVersion7(),
            Email = "ada@example.test",
            Name = name,
        };
}
