/** The codec of ACP-RPC: calls, answers, notifications and cards to the model and back, as server and as client. */
export { priorities, subscriptionEvents, taskStatuses } from './names.ts';
export type { AcpRpcEvent, AcpRpcPriority, AcpRpcTaskStatus } from './names.ts';
export { decodeArtifact, decodeMessage, decodeTask } from './decode-task.ts';
export type { MessageFacts, MessageIdOf } from './decode-task.ts';
export { wireArtifact, wireMessage, wireTask } from './encode-task.ts';
export type { TaskView } from './encode-task.ts';
export { batchCallsMax, decodeBody } from './envelope.ts';
export type { AcpRpcBody, AcpRpcEnvelope, AcpRpcRefusal } from './envelope.ts';
export { acpRpcMethods, isAcpRpcMethod } from './calls.ts';
export type {
  AcpRpcMethod,
  AcpRpcParams,
  CancelParams,
  ChunkParams,
  CreateParams,
  GetParams,
  NotificationParams,
  SendParams,
  StreamEndParams,
  StreamMessageParams,
  StreamStartParams,
  SubscribeParams,
} from './calls.ts';
export { decodeParams } from './decode-params.ts';
export type { ParamsOptions } from './decode-params.ts';
export { encodeCall, encodeNotification, wireNotification } from './encode-params.ts';
export {
  cancelParamsOf,
  cancelRequestOf,
  createParamsOf,
  getParamsOf,
  getRequestOf,
  sendRequestOf,
  sendRequestOfCreate,
} from './requests.ts';
export { acpRpcErrorByName, acpRpcErrors, encodeError, invalidParamsData, parseAcpRpcError } from './errors.ts';
export type { AcpRpcErrorName, AcpRpcErrorRow } from './errors.ts';
export { encodeMessageResult, encodeStreamResult, encodeSubscriptionResult, encodeTaskResult } from './results.ts';
export type { AcpRpcStream, AcpRpcSubscription } from './results.ts';
export { decodeAnswer, endpointOf } from './client.ts';
export type { AcpRpcReadOptions, AcpRpcResult } from './client.ts';
export { acpRpcBinding, acpRpcVersion, decodeAgentCard, encodeAgentCard, isAcpRpcCard } from './card.ts';
export type { CardEndpoint } from './card.ts';
