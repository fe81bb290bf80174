using Shop.Billing.CreditNotes;
using Shop.Billing.Data;
using Shop.Billing.Invoices;
using Shop.Billing.Messages;
using Shop.Billing.Numbering;
using Shop.Messaging;
using Shop.ServiceDefaults;

namespace Shop.Billing;

/// <summary>Billing: an invoice for each confirmed order, a credit note for what is paid back.</summary>
public sealed class BillingModule : IModule
{
    /// <inheritdoc />
    public static string Name => "billing";

    /// <inheritdoc />
    public static void AddServices(IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddModuleDatabase<BillingDbContext>("billingdb");
        builder.AddMessaging<BillingDbContext>(
            Name,
            messaging =>
                messaging
                    .Handle<OrderConfirmed, IssueInvoiceHandler>(OrderConfirmed.Type)
                    .Handle<OrderCancelled, VoidInvoiceHandler>(OrderCancelled.Type)
                    .Handle<PaymentSucceeded, PayInvoiceHandler>(PaymentSucceeded.Type)
                    .Handle<PaymentRefunded, IssueCreditNoteHandler>(PaymentRefunded.Type)
                    .Event<InvoiceIssued>(InvoiceIssued.Type)
                    .Event<InvoicePaid>(InvoicePaid.Type)
                    .Event<CreditNoteIssued>(CreditNoteIssued.Type)
        );
        builder.Services.AddSettings<BillingOptions>("Billing");
        builder.Services.AddScoped<DocumentNumbers>();
        builder.Services.AddScoped<Settlement>();
        builder.Services.AddScoped<VisibleInvoices>();
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var invoices = endpoints.MapGroup("/api/invoices").WithTags("Billing").RequireAuthorization();
        invoices.MapGet("/", ListInvoices.HandleAsync).WithName("ListInvoices");
        invoices
            .MapGet("/{id:guid}", GetInvoice.HandleAsync)
            .WithName("GetInvoice")
            .Produces<InvoiceView>()
            .ProducesHtmlToo();
        invoices
            .MapGet("/{id:guid}/print", GetInvoice.PrintAsync)
            .WithName("PrintInvoice")
            .Produces<string>(contentType: "text/html");
        invoices
            .MapGet("/{id:guid}/credit-note", GetCreditNote.HandleAsync)
            .WithName("GetCreditNote")
            .Produces<CreditNoteView>()
            .ProducesHtmlToo();
        invoices
            .MapGet("/{id:guid}/credit-note/print", GetCreditNote.PrintAsync)
            .WithName("PrintCreditNote")
            .Produces<string>(contentType: "text/html");
        endpoints.MapOperations(Name);
    }
}
