/** The A2A 0.3 codec: wire to model and back, for JSON-RPC (`json`) and HTTP+JSON (`proto`), as server and as client. */
export type { Dialect } from './names.ts';
export { decodeSendMessageResponse, decodeStreamResponse, decodeTask } from './decode-task.ts';
export {
  encodeSendMessageResponse,
  encodeStreamResponse,
  encodeTask,
  encodeTaskList,
  sendMessageValue,
  taskListValue,
  taskValue,
} from './encode-task.ts';
export { encodePushConfig, encodePushConfigs } from './encode-push.ts';
export { decodeOperation, decodeParams, methodOfOperation, operationOfMethod } from './operations.ts';
export type { RpcOperation } from './operations.ts';
export { decodeRestRequest, isRestPath, matchRest, restRoutes } from './rest.ts';
export { parseRestError, restErrorBody } from './errors.ts';
export { decodeAgentCard, isCardOf03 } from './decode-card.ts';
export { encodeAgentCard } from './encode-card.ts';
export { decodeAnswer, decodeStreamData, encodeCall } from './client-jsonrpc.ts';
export type { RpcRequest, RpcUnaryOperation } from './client-jsonrpc.ts';
export { decodeRestAnswer, decodeRestStreamData, encodeRestCall } from './client-rest.ts';
export type { RestCall, RestRequest } from './client-rest.ts';
