using Shop.Billing;
using Shop.Catalog;
using Shop.Inventory;
using Shop.Monolith;
using Shop.Notifications;
using Shop.Ordering;
using Shop.Payments;
using Shop.Search;
using Shop.ServiceDefaults;
using Shop.Users;

// The whole shop as one process: every module once.
var modules = new ModuleSet()
    .Add<UsersModule>()
    .Add<CatalogModule>()
    .Add<SearchModule>()
    .Add<InventoryModule>()
    .Add<PaymentsModule>()
    .Add<OrderingModule>()
    .Add<BillingModule>()
    .Add<NotificationsModule>();

return await MonolithHost.RunAsync(modules, args);
