import type { StreamResponse } from '@colloquy/protocol';
import { jsonRpcErrorBody } from '@colloquy/protocol/errors';
import {
  decodeOperation,
  decodeRestRequest,
  encodePushConfig,
  encodePushConfigs,
  encodeSendMessageResponse,
  encodeStreamResponse,
  encodeTask,
  encodeTaskList,
  isRestPath,
  matchRest,
  operationOfMethod,
  restErrorBody,
  sendMessageValue,
  taskListValue,
  taskValue,
} from '@colloquy/protocol/v0_3';
import type { Dialect } from '@colloquy/protocol/v0_3';
import { cardTextIn03 } from './card-forms.ts';
import type { ResultEncoder, RestForm, RpcForm } from './wire-form.ts';

/** The log's text was written from the model by this platform, and 1.0's JSON has the model's shape. */
const parseLogged: (logged: string) => StreamResponse = JSON.parse;

function resultsIn(dialect: Dialect): ResultEncoder {
  return {
    sendMessage: (response) => encodeSendMessageResponse(response, dialect),
    task: (task) => encodeTask(task, dialect),
    taskPage: (page) => encodeTaskList(page, dialect),
    values: {
      sendMessage: (response) => sendMessageValue(response, dialect),
      task: (task) => taskValue(task, dialect),
      taskPage: ({ tasks }) => taskListValue(tasks, dialect),
    },
    pushConfig: (config) => encodePushConfig(config, dialect),
    pushConfigPage: (page) => encodePushConfigs(page, dialect),
    card: (card) => cardTextIn03(card, dialect),
    nothing: dialect === 'json' ? 'null' : '{}',
    event: (logged) => encodeStreamResponse(parseLogged(logged), dialect),
  };
}

/** A2A 0.3 over JSON-RPC: the methods with a slash. Its callers name no version. */
export const rpcV03: RpcForm = {
  version: '0.3',
  results: resultsIn('json'),
  claims: (method) => method.includes('/'),
  operationOf: operationOfMethod,
  decode: decodeOperation,
  errorBody: jsonRpcErrorBody,
};

/** A2A 0.3 over HTTP+JSON: the paths below `/v1/`. */
export const restV03: RestForm = {
  version: '0.3',
  results: resultsIn('proto'),
  claims: (_verb, path) => isRestPath(path),
  match: matchRest,
  decode: decodeRestRequest,
  errorBody: restErrorBody,
  contentType: () => 'application/json',
};
