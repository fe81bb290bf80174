using Aspire.Hosting.ApplicationModel;

namespace Shop.Local.Aspire.Tests;

internal sealed class TestResource(string name) : Resource(name);
