using Shop.Billing;
using Shop.Catalog;
using Shop.Gateway;
using Shop.Inventory;
using Shop.Monolith;
using Shop.Notifications;
using Shop.Ordering;
using Shop.Payments;
using Shop.Search;
using Shop.ServiceDefaults;
using Shop.Storefront;
using Shop.Users;

// The whole shop as one process: every module once, and what is composed of their answers.
var modules = new ModuleSet()
    .Add<UsersModule>()
    .Add<CatalogModule>()
    .Add<SearchModule>()
    .Add<InventoryModule>()
    .Add<PaymentsModule>()
    .Add<OrderingModule>()
    .Add<BillingModule>()
    .Add<NotificationsModule>()
    .Add<StorefrontModule>()
    .Add(builder => builder.AddComposedApi(), endpoints => endpoints.MapComposedApi());

return await MonolithHost.RunAsync(modules, args);
