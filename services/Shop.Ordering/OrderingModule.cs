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
                    .Event<OrderCreated>(OrderCreated.Type)
                    .Event<OrderConfirmed>(OrderConfirmed.Type)
                    .Event<OrderCancelled>(OrderCancelled.Type)
                    .Event<OrderShipped>(OrderShipped.Type)
                    .Event<OrderDelivered>(OrderDelivered.Type)
                    .Command<ReserveStock>(ReserveStock.Type, queue: "inventory")
                    .Command<ReleaseStock>(ReleaseStock.Type, queue: "inventory")
                    .Command<CommitStock>(CommitStock.Type, queue: "inventory")
                    .Command<ProcessPayment>(ProcessPayment.Type, queue: "payments")
                    .Command<RefundPayment>(RefundPayment.Type, queue: "payments")
                    .Command<StepDeadline>(StepDeadline.Type, queue: "ordering")
                    .Handle<StepDeadline, StepDeadlineHandler>(StepDeadline.Type)
                    .Reply<StockReserved>(StockReserved.Type)
                    .Reply<StockReservationFailed>(StockReservationFailed.Type)
                    .Reply<StockReleased>(StockReleased.Type)
                    .Reply<StockCommitted>(StockCommitted.Type)
                    .Reply<PaymentSucceeded>(PaymentSucceeded.Type)
                    .Reply<PaymentFailed>(PaymentFailed.Type)
                    .Reply<PaymentRefunded>(PaymentRefunded.Type)
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
            .Handle<PlacedOrder, OrderProjection>(OrderCreated.Type)
            .Handle<ConfirmedOrder, OrderProjection>(OrderConfirmed.Type)
            .Handle<CancelledOrder, OrderProjection>(OrderCancelled.Type)
            .Handle<ShippedOrder, OrderProjection>(OrderShipped.Type)
            .Handle<DeliveredOrder, OrderProjection>(OrderDelivered.Type)
            .Handle<OfferedProduct, ProductProjection>(OfferedProduct.CreatedType)
            .Handle<OfferedProduct, ProductProjection>(OfferedProduct.ChangedType)
            .Handle<DeletedProduct, ProductProjection>(DeletedProduct.Type);
}
