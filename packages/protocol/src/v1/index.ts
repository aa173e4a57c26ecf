/** The A2A 1.0 codec: wire to model and back, for JSON-RPC and HTTP+JSON, as server and as client. */
export { defaultDecodeLimits } from '../codec/index.ts';
export type { DecodeLimits } from '../codec/index.ts';
export {
  decodeCancelTaskRequest,
  decodeGetTaskRequest,
  decodeListTasksRequest,
  decodeSendMessageRequest,
  decodeSubscribeToTaskRequest,
  listTasksPageSizeDefault,
  listTasksPageSizeMax,
} from './decode-request.ts';
export { decodeMessage } from './decode-message.ts';
export { decodeListTasksResponse, decodeSendMessageResponse, decodeStreamResponse, decodeTask } from './decode-task.ts';
export { decodeAgentCard } from './decode-card.ts';
export {
  encodeAgentCard,
  encodeListPushConfigsResponse,
  encodeListTasksResponse,
  encodeMessage,
  encodePushConfig,
  encodeRequest,
  encodeSendMessageResponse,
  encodeStreamResponse,
  encodeTask,
} from './encode.ts';
export type { OutgoingRequest } from './encode.ts';
export { decodeOperation, decodeTaskOperation, operationOfMethod } from './operations.ts';
export { isStreaming, isTaskOperation, optionalOperations, taskOperations } from '../model/index.ts';
export type { Operation, OperationRequest, TaskOperation, TaskOperationRequest } from '../model/index.ts';
export { matchRest, reservedRoutingTags, restRoutes } from './rest-routes.ts';
export type { RestMatch, RestParams, RestRequestParts, RestRoute, RestVerb } from '../codec/index.ts';
export { decodeRestRequest } from './rest-request.ts';
export { impliedVersion, namedVersion, negotiateVersion, supportedVersions } from './version.ts';
export type { NamedVersion, SupportedVersion, VersionOutcome } from './version.ts';
export {
  a2aJsonType,
  answerContentType,
  eventStreamType,
  extensionsHeader,
  isJsonContentType,
  parseExtensions,
  versionHeader,
} from './headers.ts';
export { decodeAnswer, decodeStreamData, encodeCall } from './client-jsonrpc.ts';
export { decodeRestAnswer, decodeRestStreamData, encodeRestCall } from './client-rest.ts';
export type { RestCall, RestReadOptions } from './client-rest.ts';
export type { ClientOutcome, ReadOptions, StreamOperation, UnaryOperation, UnaryResults } from '../codec/index.ts';
