using Shop.Inventory;
using Shop.ServiceDefaults;

return await ModuleHost.RunAsync<InventoryModule>(args);
