// Azure Database for PostgreSQL. deploy/azure/Shop.AzureDatabases makes a login for each context and the database that it
// owns, since Azure Resource Manager has no resource for logins.

@description('The region.')
param location string

@description('The administrator\'s login.')
param admin string

@description('The administrator\'s password. Only the step that makes the logins uses it.')
@secure()
param adminPassword string

@description('The public IPv4 address from which azd runs; 0.0.0.0 where it runs in Azure.')
param operatorAddress string

@description('The extensions that the databases may have.')
param extensions string[]

// This size takes 429 connections, 15 of them for Azure itself.
resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: 'psql-${uniqueString(resourceGroup().id)}'
  location: location
  sku: {
    name: 'Standard_B2s'
    tier: 'Burstable'
  }
  properties: {
    version: '18'
    administratorLogin: admin
    administratorLoginPassword: adminPassword
    storage: {
      storageSizeGB: 32
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: 7
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: 'Disabled'
    }
  }
}

// The server changes one thing at a time, so the rest waits for each other.
resource allowedExtensions 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01' = {
  parent: server
  name: 'azure.extensions'
  properties: {
    value: join(extensions, ',')
    source: 'user-override'
  }
}

// This address stands for everything inside Azure, and so for the services. TLS and passwords protect the server.
resource azure 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = {
  parent: server
  name: 'azure'
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
  dependsOn: [
    allowedExtensions
  ]
}

resource operator 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = {
  parent: server
  name: 'operator'
  properties: {
    startIpAddress: operatorAddress
    endIpAddress: operatorAddress
  }
  dependsOn: [
    azure
  ]
}

@description('The server\'s address.')
output host string = server.properties.fullyQualifiedDomainName
