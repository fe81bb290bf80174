using Shop.Catalog;
using Shop.ServiceDefaults;

return await ModuleHost.RunAsync<CatalogModule>(args);
