import { jsonRpcErrorBody, restErrorBody } from '@colloquy/protocol/errors';
import {
  answerContentType,
  decodeOperation,
  decodeRestRequest,
  encodeAgentCard,
  encodeListPushConfigsResponse,
  encodeListTasksResponse,
  encodePushConfig,
  encodeSendMessageResponse,
  encodeTask,
  matchRest,
  operationOfMethod,
} from '@colloquy/protocol/v1';
import type { ResultEncoder, RestForm, RpcForm } from './wire-form.ts';

const results: ResultEncoder = {
  sendMessage: encodeSendMessageResponse,
  task: encodeTask,
  taskPage: encodeListTasksResponse,
  // The model has A2A 1.0's shape.
  values: { sendMessage: (response) => response, task: (task) => task, taskPage: (page) => page },
  pushConfig: encodePushConfig,
  pushConfigPage: encodeListPushConfigsResponse,
  nothing: '{}',
  card: encodeAgentCard,
  event: (logged) => logged,
};

/** A2A 1.0 over JSON-RPC (section 9). Its callers name their version, so it claims nothing. */
export const rpcV1: RpcForm = {
  version: '1.0',
  results,
  claims: () => false,
  operationOf: operationOfMethod,
  decode: decodeOperation,
  errorBody: jsonRpcErrorBody,
};

/** A2A 1.0 over HTTP+JSON (section 11): every path that no older form has for itself. */
export const restV1: RestForm = {
  version: '1.0',
  results,
  claims: () => true,
  match: matchRest,
  decode: decodeRestRequest,
  errorBody: restErrorBody,
  contentType: ({ 'content-type': contentType, accept }) => answerContentType({ contentType, accept }),
};
