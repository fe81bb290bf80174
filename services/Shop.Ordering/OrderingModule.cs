using Microsoft.AspNetCore.Mvc;
using Shop.Messaging;
using Shop.Ordering.Catalog;
using Shop.Ordering.Catalog.V1;
using Shop.Ordering.Data;
using Shop.Ordering.Messages;
using Shop.Ordering.Orders;
using Shop.Ordering.Saga;
using Shop.Ordering.Views;
using Shop.ServiceDefaults;

namespace Shop.Ordering;

/// <summary>The ordering context: orders, their prices, and the saga that carries each to its end.</summary>
public sealed class OrderingModule : IModule
{
    /// <inheritdoc />
    public static string Name => "ordering";

    /// <inheritdoc />
    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddModuleDatabase<OrderingDbContext>("orderingdb");
        builder.Services.AddVerb(
            "rebuild-views",
            "recomputes the lists of orders from the orders, while the service runs",
            RebuildViews.RunAsync
        );
        builder.Services.AddSingleton<OrderTransitionInterceptor>();
        builder.Services.AddSingleton<OrderSignals>();
        builder.Services.AddSingleton<OrderSignalInterceptor>();
        builder.Services.ConfigureDbContext<OrderingDbContext>(
            (services, options) =>
                options.AddInterceptors(
                    services.GetRequiredService<OrderTransitionInterceptor>(),
                    services.GetRequiredService<OrderSignalInterceptor>()
                )
        );

        builder.Services.AddSettings<SagaOptions>(SagaOptions.Section);
        builder.Services.AddSettings<IdempotencyOptions>(IdempotencyOptions.Section);
        builder.Services.AddHostedService<IdempotencyCleanUp>();
        builder.Services.AddSingleton(OrderSaga.Definition);
        builder.Services.AddScoped<ISagaOutbox, SagaOutbox>();
        builder.Services.AddScoped<SagaEngine>();
        builder.Services.AddScoped<StuckSagas>();
        builder.Services.AddHostedService<StuckSagaCount>();
        builder.Services.AddStuckSagaVerbs();
        builder.Services.AddLostOrderVerb();

        builder.Services.AddGrpcServiceClient<ProductService.ProductServiceClient>(CatalogClient.Service);
        builder.Services.AddScoped<CatalogClient>();
        builder.Services.AddSingleton<Placements>();
        builder.Services.AddScoped<PlaceOrder>();
        builder.Services.AddScoped<QuoteOrder>();
        builder.Services.AddSingleton<StreamSlots>();
        builder.Services.AddSingleton<OrderStream>();
        builder.Services.AddScoped<OrderChange>();
        builder.Services.AddScoped<ShipOrder>();
        AddMessages(builder);
    }

    /// <inheritdoc />
    public static void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        var orders = endpoints.MapGroup("/api/orders").WithTags("Orders").RequireAuthorization();
        orders
            .MapPost("/", PlaceOrder.HandleAsync)
            .Accepts<PlaceOrderRequest>("application/json")
            .WithName("PlaceOrder")
            .Produces<OrderResponse>(StatusCodes.Status201Created)
            .ProducesProblems(StatusCodes.Status422UnprocessableEntity)
            .TakesIdempotencyKey()
            .WithBodyExample(PlaceOrderRequest.Example)
            .WithMetadata(new RequestSizeLimitAttribute(OrderBody.MaxBytes));
        orders
            .MapPost("/quote", QuoteOrder.HandleAsync)
            .Accepts<QuoteRequest>("application/json")
            .WithName("QuoteOrder")
            .Produces<QuoteResponse>()
            .ProducesProblems(StatusCodes.Status422UnprocessableEntity)
            .WithBodyExample(QuoteRequest.Example)
            .WithMetadata(new RequestSizeLimitAttribute(OrderBody.MaxBytes))
            .AllowAnonymous();
        orders.MapGet("/regions", ListRegions.Handle).WithName("ListRegions").AllowAnonymous();
        orders
            .MapGet("/", ListOrders.HandleAsync)
            .WithName("ListOrders")
            .Produces<Page<OrderSummary>>()
            .ProducesProblems(StatusCodes.Status403Forbidden);
        orders.MapGet("/{id:guid}", GetOrder.HandleAsync).WithName("GetOrder").Produces<OrderResponse>();
        orders
            .MapPost("/{id:guid}/cancel", CancelOrder.HandleAsync)
            .WithName("CancelOrder")
            .Produces<OrderResponse>()
            .ProducesProblems(StatusCodes.Status409Conflict);
        orders
            .MapPost("/{id:guid}/ship", ShipOrder.HandleAsync)
            .WithName("ShipOrder")
            .Produces<OrderResponse>()
            .ProducesProblems(StatusCodes.Status409Conflict)
            .WithBodyExample(new ShipOrderRequest("UPS", "1Z999AA10123456784"))
            .RequireAuthorization(Policies.Operator);
        orders
            .MapPost("/{id:guid}/deliver", DeliverOrder.HandleAsync)
            .WithName("DeliverOrder")
            .Produces<OrderResponse>()
            .ProducesProblems(StatusCodes.Status409Conflict)
            .RequireAuthorization(Policies.Operator);
        orders
            .MapGet("/{id:guid}/timeline", GetTimeline.HandleAsync)
            .WithName("GetTimeline")
            .Produces<TimelineResponse>();
        orders
            .MapGet("/{id:guid}/events", WatchOrder.HandleAsync)
            .WithName("WatchOrder")
            .Produces<OrderUpdate>(StatusCodes.Status200OK, "text/event-stream")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(StatusCodes.Status429TooManyRequests);
        endpoints.MapOperations(Name);
    }

    private static void AddMessages(IHostApplicationBuilder builder) =>
        builder.AddMessaging<OrderingDbContext>(
            Name,
            messaging =>
                messaging
                    .Event<OrderCreated>("shop.ordering.order-created.v1")
                    .Event<OrderConfirmed>("shop.ordering.order-confirmed.v1")
                    .Event<OrderCancelled>("shop.ordering.order-cancelled.v1")
                    .Event<OrderShipped>("shop.ordering.order-shipped.v1")
                    .Event<OrderDelivered>("shop.ordering.order-delivered.v1")
                    .Command<ReserveStock>("shop.inventory.reserve-stock.v1", queue: "inventory")
                    .Command<ReleaseStock>("shop.inventory.release-stock.v1", queue: "inventory")
                    .Command<CommitStock>("shop.inventory.commit-stock.v1", queue: "inventory")
                    .Command<ProcessPayment>("shop.payments.process-payment.v1", queue: "payments")
                    .Command<RefundPayment>("shop.payments.refund-payment.v1", queue: "payments")
                    .Command<StepDeadline>("shop.ordering.step-deadline.v1", queue: "ordering")
                    .Handle<StepDeadline, StepDeadlineHandler>("shop.ordering.step-deadline.v1")
                    .Reply<StockReserved>("shop.inventory.stock-reserved.v1")
                    .Reply<StockReservationFailed>("shop.inventory.stock-reservation-failed.v1")
                    .Reply<StockReleased>("shop.inventory.stock-released.v1")
                    .Reply<StockCommitted>("shop.inventory.stock-committed.v1")
                    .Reply<PaymentSucceeded>("shop.payments.payment-succeeded.v1")
                    .Reply<PaymentFailed>("shop.payments.payment-failed.v1")
                    .Reply<PaymentRefunded>("shop.payments.payment-refunded.v1")
                    .Project()
        );
}

internal static class OrderingMessaging
{
    /// <summary>Takes a message to the saga as a reply.</summary>
    public static MessagingBuilder Reply<TReply>(this MessagingBuilder messaging, string type)
        where TReply : class, ISagaReply => messaging.Handle<TReply, SagaReplyHandler<TReply>>(type);

    /// <summary>Feeds the read side.</summary>
    public static MessagingBuilder Project(this MessagingBuilder messaging) =>
        messaging
            .Handle<PlacedOrder, OrderProjection>("shop.ordering.order-created.v1")
            .Handle<ConfirmedOrder, OrderProjection>("shop.ordering.order-confirmed.v1")
            .Handle<CancelledOrder, OrderProjection>("shop.ordering.order-cancelled.v1")
            .Handle<ShippedOrder, OrderProjection>("shop.ordering.order-shipped.v1")
            .Handle<DeliveredOrder, OrderProjection>("shop.ordering.order-delivered.v1")
            .Handle<OfferedProduct, ProductProjection>("shop.catalog.product-created.v1")
            .Handle<OfferedProduct, ProductProjection>("shop.catalog.product-changed.v1")
            .Handle<DeletedProduct, ProductProjection>("shop.catalog.product-deleted.v1");
}
