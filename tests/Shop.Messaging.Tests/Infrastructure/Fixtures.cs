[assembly: AssemblyFixture(typeof(Shop.Testing.InfrastructureFixture))]
