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

// The whole shop as one process: what is composed of the modules' answers, first in the description as at the gateway, and
// every module once.
var modules = new ModuleSet()
    .Add(builder => builder.AddComposedApi(), endpoints => endpoints.MapComposedApi())
    .Add<UsersModule>()
    .Add<CatalogModule>()
    .Add<SearchModule>()
    .Add<InventoryModule>()
    .Add<PaymentsModule>()
    .Add<OrderingModule>()
    .Add<BillingModule>()
    .Add<NotificationsModule>()
    .Add<StorefrontModule>();

return await MonolithHost.RunAsync(modules, args);
