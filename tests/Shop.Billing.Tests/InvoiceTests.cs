using Shop.Billing.Domain;
using Shop.Billing.Invoices;
using Shop.Billing.Messages;
using Shop.Messaging;
using Shop.Testing;

namespace Shop.Billing.Tests;

public sealed class InvoiceTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private readonly Guid _order = Guid.CreateVersion7();
    private BillingApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await BillingApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_confirmed_order_that_was_paid_before_gets_a_paid_invoice()
    {
        await _app.PaidAsync(_order);
        var paidAt = _app.Time.GetUtcNow();
        _app.Time.Advance(TimeSpan.FromSeconds(1));

        await _app.ConfirmedAsync(Orders.Confirmed(_order));

        var invoice = await _app.InvoiceAsync(_order);
        Assert.Equal("2026-000001", invoice.Number);
        Assert.Equal(InvoiceStatus.Paid, invoice.Status);
        Assert.Equal(paidAt, invoice.PaidAt);
        Assert.Equal(_app.Time.GetUtcNow(), invoice.IssuedAt);
        Assert.Equal(invoice.IssuedAt.AddDays(30), invoice.DueAt);
        Assert.Equal(
            (122.22m, 12.22m, 7.99m, 117.99m),
            (invoice.Subtotal, invoice.Discount, invoice.Tax, invoice.Total)
        );
        Assert.Equal(["Teapot", "Cup"], invoice.Lines.Select(line => line.Name));
        Assert.Equal("Ada Lovelace", invoice.BillTo.Name);
    }

    [Fact]
    public async Task An_invoice_is_unpaid_until_the_money_comes()
    {
        await _app.ConfirmedAsync(Orders.Confirmed(_order));
        Assert.Equal(InvoiceStatus.Unpaid, (await _app.InvoiceAsync(_order)).Status);

        await _app.PaidAsync(_order);

        Assert.Equal(InvoiceStatus.Paid, (await _app.InvoiceAsync(_order)).Status);
    }

    [Fact]
    public async Task What_happens_is_told_once()
    {
        for (var i = 0; i < 2; i++)
        {
            await _app.PaidAsync(_order);
            await _app.ConfirmedAsync(Orders.Confirmed(_order));
            await _app.CancelledAsync(_order);
            await _app.RefundedAsync(_order);
        }

        var sent = await _app.SentAsync(_order);
        var invoice = await _app.InvoiceAsync(_order);
        Assert.Equal(
            [InvoiceIssued.Type, InvoicePaid.Type, CreditNoteIssued.Type],
            sent.Select(message => message.Type)
        );
        Assert.All(
            sent.Take(2),
            message => Assert.Equal(invoice.Number, message.Json.GetProperty("number").GetString())
        );
        Assert.Equal("CN-2026-000001", sent[2].Json.GetProperty("number").GetString());
        Assert.Equal(invoice.Number, sent[2].Json.GetProperty("invoiceNumber").GetString());
        Assert.Equal(Orders.Total, sent[2].Json.GetProperty("amount").GetDecimal());
    }

    [Fact]
    public async Task A_refund_brings_a_credit_note_with_a_number_of_its_own_series()
    {
        await _app.ConfirmedAsync(Orders.Confirmed(Guid.CreateVersion7()));
        await _app.PaidAsync(_order);
        await _app.ConfirmedAsync(Orders.Confirmed(_order));

        await _app.RefundedAsync(_order);

        var invoice = await _app.InvoiceAsync(_order);
        Assert.Equal("2026-000002", invoice.Number);
        Assert.Equal(InvoiceStatus.Paid, invoice.Status);
        Assert.Equal("CN-2026-000001", invoice.CreditNote!.Number);
        Assert.Equal((Orders.Total, 7.99m), (invoice.CreditNote.Amount, invoice.CreditNote.Tax));
    }

    [Fact]
    public async Task A_part_that_goes_back_has_its_part_of_the_tax()
    {
        await _app.PaidAsync(_order);
        await _app.ConfirmedAsync(Orders.Confirmed(_order));

        await _app.RefundedAsync(_order, 50m);

        var note = (await _app.InvoiceAsync(_order)).CreditNote!;
        Assert.Equal((50m, 3.39m), (note.Amount, note.Tax));
    }

    [Fact]
    public async Task An_order_that_is_cancelled_before_it_is_paid_has_a_void_invoice_and_no_credit_note()
    {
        await _app.ConfirmedAsync(Orders.Confirmed(_order));
        await _app.CancelledAsync(_order);
        await _app.RefundedAsync(_order, amount: 0);

        var invoice = await _app.InvoiceAsync(_order);
        Assert.Equal(InvoiceStatus.Void, invoice.Status);
        Assert.Equal(_app.Time.GetUtcNow(), invoice.VoidedAt);
        Assert.Null(invoice.CreditNote);
    }

    [Fact]
    public async Task An_order_that_was_never_confirmed_has_no_invoice()
    {
        await _app.PaidAsync(_order);
        await _app.CancelledAsync(_order);
        await _app.RefundedAsync(_order);

        Assert.Null(await _app.FindInvoiceAsync(_order));
        Assert.Empty(await _app.SentAsync(_order));
    }

    [Theory]
    [InlineData("cp", nameof(InvoiceStatus.Paid), false)]
    [InlineData("cx", nameof(InvoiceStatus.Void), false)]
    [InlineData("cpx", nameof(InvoiceStatus.Paid), false)]
    [InlineData("cpr", nameof(InvoiceStatus.Paid), true)]
    [InlineData("cprx", nameof(InvoiceStatus.Paid), true)]
    public async Task Where_it_ends_depends_on_what_happened_and_not_on_the_order_of_the_news(
        string events,
        string status,
        bool isCredited
    )
    {
        foreach (var order in Permutations(events))
        {
            var id = Guid.CreateVersion7();
            // Every event comes once more, later.
            foreach (var news in order + order)
            {
                await HearAsync(id, news);
            }

            var invoice = await _app.InvoiceAsync(id);
            Assert.True(
                (status, isCredited) == (invoice.Status.ToString(), invoice.CreditNote is not null),
                $"{order}: {invoice.Status}, {(invoice.CreditNote is null ? "no " : "")}credit note"
            );
        }
    }

    [Theory]
    [InlineData(117.98, "USD")]
    [InlineData(117.99, "EUR")]
    public async Task A_payment_that_does_not_cover_the_invoice_does_not_pay_it(decimal amount, string currency)
    {
        await _app.ConfirmedAsync(Orders.Confirmed(_order));

        await _app.PaidAsync(_order, amount, currency);

        Assert.Equal(InvoiceStatus.Unpaid, (await _app.InvoiceAsync(_order)).Status);
    }

    [Fact]
    public async Task An_order_whose_sums_are_wrong_is_poison()
    {
        var order = Orders.Confirmed(_order);
        OrderConfirmed[] wrong =
        [
            order with
            {
                Total = order.Total + 0.01m,
            },
            order with
            {
                Subtotal = order.Subtotal + 1,
                Total = order.Total + 1,
            },
            order with
            {
                Discount = -1,
                Total = order.Total + 13.22m,
            },
            order with
            {
                Tax = -1,
                Total = order.Total - 8.99m,
            },
            order with
            {
                Items = [order.Items[0] with { LineTotal = 122.22m }],
            },
        ];

        foreach (var one in wrong)
        {
            var rejected = await Assert.ThrowsAsync<MessageRejectedException>(() => _app.ConfirmedAsync(one));
            Assert.Equal("WrongSum", rejected.Reason);
        }
        Assert.Null(await _app.FindInvoiceAsync(_order));
    }

    private Task HearAsync(Guid order, char news) =>
        news switch
        {
            'c' => _app.ConfirmedAsync(Orders.Confirmed(order)),
            'p' => _app.PaidAsync(order),
            'r' => _app.RefundedAsync(order),
            _ => _app.CancelledAsync(order),
        };

    private static IEnumerable<string> Permutations(string letters) =>
        letters.Length <= 1
            ? [letters]
            : letters.SelectMany((letter, i) => Permutations(letters.Remove(i, 1)).Select(rest => letter + rest));
}
