/** The fields of one message in the order of their declaration: lowerCamelCase name to `number [label] type`. */
export type MessageFields = Readonly<Record<string, string>>;

/*
 * What a2a.proto (package lf.a2a.v1) and the parts of google.rpc in use say about names, numbers and types. Labels:
 * none (no presence: the default is not sent), `optional` (presence is tracked), `oneof` (one of its message's),
 * `repeated`, `map` (keys are strings). `Struct`, `Value` and `Timestamp` are those of google.protobuf; `blob` are bytes
 * that stay bytes, where `bytes` are base64 as in ProtoJSON.
 */

const requests: Readonly<Record<string, MessageFields>> = {
  SendMessageRequest: {
    tenant: '1 string',
    message: '2 Message',
    configuration: '3 SendMessageConfiguration',
    metadata: '4 Struct',
  },
  SendMessageConfiguration: {
    acceptedOutputModes: '1 repeated string',
    taskPushNotificationConfig: '2 TaskPushNotificationConfig',
    historyLength: '3 optional int32',
    returnImmediately: '4 bool',
  },
  GetTaskRequest: { tenant: '1 string', id: '2 string', historyLength: '3 optional int32' },
  ListTasksRequest: {
    tenant: '1 string',
    contextId: '2 string',
    status: '3 TaskState',
    pageSize: '4 optional int32',
    pageToken: '5 string',
    historyLength: '6 optional int32',
    statusTimestampAfter: '7 Timestamp',
    includeArtifacts: '8 optional bool',
  },
  CancelTaskRequest: { tenant: '1 string', id: '2 string', metadata: '3 Struct' },
  SubscribeToTaskRequest: { tenant: '1 string', id: '2 string' },
  GetTaskPushNotificationConfigRequest: { tenant: '1 string', taskId: '2 string', id: '3 string' },
  DeleteTaskPushNotificationConfigRequest: { tenant: '1 string', taskId: '2 string', id: '3 string' },
  ListTaskPushNotificationConfigsRequest: {
    tenant: '4 string',
    taskId: '1 string',
    pageSize: '2 int32',
    pageToken: '3 string',
  },
  GetExtendedAgentCardRequest: { tenant: '1 string' },
};

const answers: Readonly<Record<string, MessageFields>> = {
  SendMessageResponse: { task: '1 oneof Task', message: '2 oneof Message' },
  StreamResponse: {
    task: '1 oneof Task',
    message: '2 oneof Message',
    statusUpdate: '3 oneof TaskStatusUpdateEvent',
    artifactUpdate: '4 oneof TaskArtifactUpdateEvent',
  },
  ListTasksResponse: {
    tasks: '1 repeated Task',
    nextPageToken: '2 string',
    pageSize: '3 int32',
    totalSize: '4 int32',
  },
  ListTaskPushNotificationConfigsResponse: {
    configs: '1 repeated TaskPushNotificationConfig',
    nextPageToken: '2 string',
  },
  Empty: {},
};

const tasks: Readonly<Record<string, MessageFields>> = {
  Task: {
    id: '1 string',
    contextId: '2 string',
    status: '3 TaskStatus',
    artifacts: '4 repeated Artifact',
    history: '5 repeated Message',
    metadata: '6 Struct',
  },
  TaskStatus: { state: '1 TaskState', message: '2 Message', timestamp: '3 Timestamp' },
  TaskStatusUpdateEvent: {
    taskId: '1 string',
    contextId: '2 string',
    status: '3 TaskStatus',
    metadata: '4 Struct',
  },
  TaskArtifactUpdateEvent: {
    taskId: '1 string',
    contextId: '2 string',
    artifact: '3 Artifact',
    append: '4 bool',
    lastChunk: '5 bool',
    metadata: '6 Struct',
  },
  Artifact: {
    artifactId: '1 string',
    name: '2 string',
    description: '3 string',
    parts: '4 repeated Part',
    metadata: '5 Struct',
    extensions: '6 repeated string',
  },
  Message: {
    messageId: '1 string',
    contextId: '2 string',
    taskId: '3 string',
    role: '4 Role',
    parts: '5 repeated Part',
    metadata: '6 Struct',
    extensions: '7 repeated string',
    referenceTaskIds: '8 repeated string',
  },
  Part: {
    text: '1 oneof string',
    raw: '2 oneof bytes',
    url: '3 oneof string',
    data: '4 oneof Value',
    metadata: '5 Struct',
    filename: '6 string',
    mediaType: '7 string',
  },
  TaskPushNotificationConfig: {
    tenant: '1 string',
    id: '2 string',
    taskId: '3 string',
    url: '4 string',
    token: '5 string',
    authentication: '6 AuthenticationInfo',
  },
  AuthenticationInfo: { scheme: '1 string', credentials: '2 string' },
};

const cards: Readonly<Record<string, MessageFields>> = {
  AgentCard: {
    name: '1 string',
    description: '2 string',
    supportedInterfaces: '3 repeated AgentInterface',
    provider: '4 AgentProvider',
    version: '5 string',
    documentationUrl: '6 optional string',
    capabilities: '7 AgentCapabilities',
    securitySchemes: '8 map SecurityScheme',
    securityRequirements: '9 repeated SecurityRequirement',
    defaultInputModes: '10 repeated string',
    defaultOutputModes: '11 repeated string',
    skills: '12 repeated AgentSkill',
    signatures: '13 repeated AgentCardSignature',
    iconUrl: '14 optional string',
  },
  AgentInterface: { url: '1 string', protocolBinding: '2 string', tenant: '3 string', protocolVersion: '4 string' },
  AgentProvider: { url: '1 string', organization: '2 string' },
  AgentCapabilities: {
    streaming: '1 optional bool',
    pushNotifications: '2 optional bool',
    extensions: '3 repeated AgentExtension',
    extendedAgentCard: '4 optional bool',
  },
  AgentExtension: { uri: '1 string', description: '2 string', required: '3 bool', params: '4 Struct' },
  AgentSkill: {
    id: '1 string',
    name: '2 string',
    description: '3 string',
    tags: '4 repeated string',
    examples: '5 repeated string',
    inputModes: '6 repeated string',
    outputModes: '7 repeated string',
    securityRequirements: '8 repeated SecurityRequirement',
  },
  AgentCardSignature: { protected: '1 string', signature: '2 string', header: '3 Struct' },
};

const security: Readonly<Record<string, MessageFields>> = {
  SecurityRequirement: { schemes: '1 map StringList' },
  StringList: { list: '1 repeated string' },
  SecurityScheme: {
    apiKeySecurityScheme: '1 oneof APIKeySecurityScheme',
    httpAuthSecurityScheme: '2 oneof HTTPAuthSecurityScheme',
    oauth2SecurityScheme: '3 oneof OAuth2SecurityScheme',
    openIdConnectSecurityScheme: '4 oneof OpenIdConnectSecurityScheme',
    mtlsSecurityScheme: '5 oneof MutualTlsSecurityScheme',
  },
  APIKeySecurityScheme: { description: '1 string', location: '2 string', name: '3 string' },
  HTTPAuthSecurityScheme: { description: '1 string', scheme: '2 string', bearerFormat: '3 string' },
  OAuth2SecurityScheme: { description: '1 string', flows: '2 OAuthFlows', oauth2MetadataUrl: '3 string' },
  OpenIdConnectSecurityScheme: { description: '1 string', openIdConnectUrl: '2 string' },
  MutualTlsSecurityScheme: { description: '1 string' },
  OAuthFlows: {
    authorizationCode: '1 oneof AuthorizationCodeOAuthFlow',
    clientCredentials: '2 oneof ClientCredentialsOAuthFlow',
    implicit: '3 oneof ImplicitOAuthFlow',
    password: '4 oneof PasswordOAuthFlow',
    deviceCode: '5 oneof DeviceCodeOAuthFlow',
  },
  AuthorizationCodeOAuthFlow: {
    authorizationUrl: '1 string',
    tokenUrl: '2 string',
    refreshUrl: '3 string',
    scopes: '4 map string',
    pkceRequired: '5 bool',
  },
  ClientCredentialsOAuthFlow: { tokenUrl: '1 string', refreshUrl: '2 string', scopes: '3 map string' },
  ImplicitOAuthFlow: { authorizationUrl: '1 string', refreshUrl: '2 string', scopes: '3 map string' },
  PasswordOAuthFlow: { tokenUrl: '1 string', refreshUrl: '2 string', scopes: '3 map string' },
  DeviceCodeOAuthFlow: {
    deviceAuthorizationUrl: '1 string',
    tokenUrl: '2 string',
    refreshUrl: '3 string',
    scopes: '4 map string',
  },
};

/** google.rpc: what travels in `grpc-status-details-bin`. */
const statuses: Readonly<Record<string, MessageFields>> = {
  Status: { code: '1 int32', message: '2 string', details: '3 repeated Any' },
  Any: { typeUrl: '1 string', value: '2 blob' },
  ErrorInfo: { reason: '1 string', domain: '2 string', metadata: '3 map string' },
  BadRequest: { fieldViolations: '1 repeated FieldViolation' },
  FieldViolation: { field: '1 string', description: '2 string' },
  RetryInfo: { retryDelay: '1 Duration' },
  Duration: { seconds: '1 int32', nanos: '2 int32' },
};

/** Every message of the gRPC binding, by its name. */
export const messageSchema: Readonly<Record<string, MessageFields>> = {
  ...requests,
  ...answers,
  ...tasks,
  ...cards,
  ...security,
  ...statuses,
};
