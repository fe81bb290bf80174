using Shop.Billing;
using Shop.ServiceDefaults;

return await ModuleHost.RunAsync<BillingModule>(args);
