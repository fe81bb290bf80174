using Shop.Notifications;
using Shop.ServiceDefaults;

return await ModuleHost.RunAsync<NotificationsModule>(args);
