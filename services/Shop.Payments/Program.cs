using Shop.Payments;
using Shop.ServiceDefaults;

return await ModuleHost.RunAsync<PaymentsModule>(args);
