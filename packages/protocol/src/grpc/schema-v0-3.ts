import type { MessageFields } from './schema.ts';

/** The package of A2A 0.3, under which its messages have their names here. */
export const packageV03 = 'a2a.v1';

/*
 * What a2a.proto of A2A 0.3.0 (package a2a.v1) says about names, numbers and types, in the notation of schema.ts; names are those of its
 * ProtoJSON. A message that is missing here has the fields that it has in 1.0, or fewer of them.
 */

const name: MessageFields = { name: '1 string' };

const requests: Readonly<Record<string, MessageFields>> = {
  SendMessageRequest: { message: '1 Message', configuration: '2 SendMessageConfiguration', metadata: '3 Struct' },
  SendMessageConfiguration: {
    acceptedOutputModes: '1 repeated string',
    pushNotification: '2 PushNotificationConfig',
    historyLength: '3 int32',
    blocking: '4 bool',
  },
  GetTaskRequest: { ...name, historyLength: '2 int32' },
  CancelTaskRequest: name,
  TaskSubscriptionRequest: name,
  CreateTaskPushNotificationConfigRequest: {
    parent: '1 string',
    configId: '2 string',
    config: '3 TaskPushNotificationConfig',
  },
  GetTaskPushNotificationConfigRequest: name,
  DeleteTaskPushNotificationConfigRequest: name,
  ListTaskPushNotificationConfigRequest: { parent: '1 string', pageSize: '2 int32', pageToken: '3 string' },
  GetAgentCardRequest: {},
};

const answers: Readonly<Record<string, MessageFields>> = {
  SendMessageResponse: { task: '1 oneof Task', message: '2 oneof Message' },
  StreamResponse: {
    task: '1 oneof Task',
    message: '2 oneof Message',
    statusUpdate: '3 oneof TaskStatusUpdateEvent',
    artifactUpdate: '4 oneof TaskArtifactUpdateEvent',
  },
  ListTaskPushNotificationConfigResponse: {
    configs: '1 repeated TaskPushNotificationConfig',
    nextPageToken: '2 string',
  },
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
    final: '4 bool',
    metadata: '5 Struct',
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
    name: '3 string',
    description: '4 string',
    parts: '5 repeated Part',
    metadata: '6 Struct',
    extensions: '7 repeated string',
  },
  Message: {
    messageId: '1 string',
    contextId: '2 string',
    taskId: '3 string',
    role: '4 Role',
    content: '5 repeated Part',
    metadata: '6 Struct',
    extensions: '7 repeated string',
  },
  Part: { text: '1 oneof string', file: '2 oneof FilePart', data: '3 oneof DataPart' },
  FilePart: { fileWithUri: '1 oneof string', fileWithBytes: '2 oneof bytes', mimeType: '3 string' },
  DataPart: { data: '1 Struct' },
  TaskPushNotificationConfig: { ...name, pushNotificationConfig: '2 PushNotificationConfig' },
  PushNotificationConfig: {
    id: '1 string',
    url: '2 string',
    token: '3 string',
    authentication: '4 AuthenticationInfo',
  },
  AuthenticationInfo: { schemes: '1 repeated string', credentials: '2 string' },
};

const cards: Readonly<Record<string, MessageFields>> = {
  AgentCard: {
    protocolVersion: '16 string',
    name: '1 string',
    description: '2 string',
    url: '3 string',
    preferredTransport: '14 string',
    additionalInterfaces: '15 repeated AgentInterface',
    provider: '4 AgentProvider',
    version: '5 string',
    documentationUrl: '6 string',
    capabilities: '7 AgentCapabilities',
    securitySchemes: '8 map SecurityScheme',
    security: '9 repeated SecurityRequirement',
    defaultInputModes: '10 repeated string',
    defaultOutputModes: '11 repeated string',
    skills: '12 repeated AgentSkill',
    supportsAuthenticatedExtendedCard: '13 bool',
    signatures: '17 repeated AgentCardSignature',
  },
  AgentInterface: { url: '1 string', transport: '2 string' },
  AgentCapabilities: { streaming: '1 bool', pushNotifications: '2 bool', extensions: '3 repeated AgentExtension' },
  AgentSkill: {
    id: '1 string',
    name: '2 string',
    description: '3 string',
    tags: '4 repeated string',
    examples: '5 repeated string',
    inputModes: '6 repeated string',
    outputModes: '7 repeated string',
    security: '8 repeated SecurityRequirement',
  },
};

/** The messages of the gRPC binding of A2A 0.3 that differ from those of 1.0, by their name with its package. */
export const messageSchemaV03: Readonly<Record<string, MessageFields>> = Object.fromEntries(
  Object.entries({ ...requests, ...answers, ...tasks, ...cards }).map(([message, fields]) => [
    `${packageV03}.${message}`,
    fields,
  ]),
);
