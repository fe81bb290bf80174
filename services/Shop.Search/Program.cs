using Shop.Search;
using Shop.ServiceDefaults;

return await ModuleHost.RunAsync<SearchModule>(args);
