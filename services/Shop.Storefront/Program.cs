using Shop.ServiceDefaults;
using Shop.Storefront;

return await ModuleHost.RunAsync<StorefrontModule>(args);
