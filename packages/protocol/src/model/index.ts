/** The neutral model: A2A 1.0 in shape, without any wire or version. Everything outside the codecs speaks it. */
export type { JsonObject, JsonValue } from './json-value.ts';
export { isActive, isInterrupted, isTerminal, taskStateClass, taskStates } from './task-state.ts';
export type { TaskState, TaskStateClass } from './task-state.ts';
export { roles } from './message.ts';
export type { DataPart, Message, Part, PartAnnotations, RawPart, Role, TextPart, UrlPart } from './message.ts';
export type { Artifact, Task, TaskStatus } from './task.ts';
export type {
  ArtifactUpdateResponse,
  MessageResponse,
  SendMessageResponse,
  StatusUpdateResponse,
  StreamResponse,
  TaskArtifactUpdateEvent,
  TaskResponse,
  TaskStatusUpdateEvent,
} from './task-event.ts';
export type {
  AuthenticationInfo,
  CancelTaskRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCardRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTaskPushNotificationConfigsResponse,
  ListTasksRequest,
  ListTasksResponse,
  RoutedRequest,
  SendMessageConfiguration,
  SendMessageRequest,
  SubscribeToTaskRequest,
  TaskPushNotificationConfig,
} from './request.ts';
export { isStreaming, isTaskOperation, optionalOperations, taskOperations } from './operation.ts';
export type { Operation, OperationRequest, TaskOperation, TaskOperationRequest } from './operation.ts';
export type {
  AgentCapabilities,
  AgentCard,
  AgentCardSignature,
  AgentExtension,
  AgentInterface,
  AgentProvider,
  AgentSkill,
} from './agent-card.ts';
export type {
  ApiKeyLocation,
  ApiKeySecurityScheme,
  AuthorizationCodeOAuthFlow,
  ClientCredentialsOAuthFlow,
  DeviceCodeOAuthFlow,
  HttpAuthSecurityScheme,
  ImplicitOAuthFlow,
  MutualTlsSecurityScheme,
  OAuth2SecurityScheme,
  OAuthFlows,
  OAuthScopes,
  OpenIdConnectSecurityScheme,
  PasswordOAuthFlow,
  SecurityRequirement,
  SecurityScheme,
} from './security-scheme.ts';
export { applyEvents } from './fold-events.ts';
export { applyEvent, trimTask } from './task-fold.ts';
export type { TaskTrim } from './task-fold.ts';
