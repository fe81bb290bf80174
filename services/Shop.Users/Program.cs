using Shop.ServiceDefaults;
using Shop.Users;

return await ModuleHost.RunAsync<UsersModule>(args);
