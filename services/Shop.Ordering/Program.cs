using Shop.Ordering;
using Shop.ServiceDefaults;

return await ModuleHost.RunAsync<OrderingModule>(args);
