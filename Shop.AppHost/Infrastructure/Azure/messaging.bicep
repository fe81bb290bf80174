// Azure Service Bus with the shop's topology. Parameters come from AzureTopology.cs and from azd.

@description('The region.')
param location string

@description('The identity under which every service runs.')
param principalId string

@description('What kind of identity it is.')
param principalType string

@description('Queues, topics, subscriptions and rules.')
param topology topologyType

type topologyType = {
  @description('How long a consumer may hold a message, as an ISO 8601 duration.')
  lockDuration: string
  @description('Deliveries before a message is dead-lettered.')
  maxDeliveryCount: int
  queues: string[]
  topics: string[]
  subscriptions: subscriptionType[]
}

type subscriptionType = {
  topic: string
  @description('The context that listens: the name of the subscription and of the queue to which it forwards.')
  listener: string
  rules: { name: string, subject: string }[]
}

var senderRole = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
var receiverRole = '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'

var rules = flatten(map(
  topology.subscriptions,
  (subscription, index) =>
    map(subscription.rules, rule => { index: index, topic: subscription.topic, listener: subscription.listener, rule: rule })
))

// Standard is the lowest tier that has topics.
resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: 'sb-${uniqueString(resourceGroup().id)}'
  location: location
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    minimumTlsVersion: '1.2'
    // Without keys there is no key to leak.
    disableLocalAuth: true
  }
}

resource queues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for queue in topology.queues: {
    parent: namespace
    name: queue
    properties: {
      lockDuration: topology.lockDuration
      maxDeliveryCount: topology.maxDeliveryCount
    }
  }
]

resource topics 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = [
  for topic in topology.topics: {
    parent: namespace
    name: topic
  }
]

resource subscriptions 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = [
  for subscription in topology.subscriptions: {
    name: '${namespace.name}/${subscription.topic}/${subscription.listener}'
    properties: {
      lockDuration: topology.lockDuration
      maxDeliveryCount: topology.maxDeliveryCount
      forwardTo: subscription.listener
    }
    dependsOn: [
      queues
      topics
    ]
  }
]

resource filters 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2024-01-01' = [
  for item in rules: {
    parent: subscriptions[item.index]
    name: item.rule.name
    properties: {
      filterType: 'CorrelationFilter'
      correlationFilter: {
        label: item.rule.subject
      }
    }
  }
]

resource roles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [senderRole, receiverRole]: {
    name: guid(namespace.id, principalId, role)
    scope: namespace
    properties: {
      principalId: principalId
      principalType: principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

@description('The address of the namespace, which clients use with their identity.')
output endpoint string = namespace.properties.serviceBusEndpoint
