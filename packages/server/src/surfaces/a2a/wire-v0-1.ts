import type { OperationRequest } from '@colloquy/protocol';
import { jsonRpcErrorBody, restErrorBody } from '@colloquy/protocol/errors';
import {
  decodeOperation,
  decodePlainMessage,
  decodePlainTask,
  encodePlainMessage,
  encodePlainTask,
  encodePushConfig,
  encodeSendAnswer,
  encodeTask,
  operationOfMethod,
  plainPaths,
} from '@colloquy/protocol/v0_1';
import { isId } from '../../kernel/ids.ts';
import type { RestForm, ResultEncoder, RpcForm } from './wire-form.ts';

const version = '0.1';

/** Results under the name that the caller gave the task. Events are told one stream at a time, by `run-form.ts`. */
function resultsUnder(name: string): ResultEncoder {
  return {
    sendMessage: (response) => encodeSendAnswer(response, name),
    task: (task) => encodeTask(task, name),
    pushConfig: (config) => encodePushConfig(config, name),
    ...notOfThisWire,
  };
}

/** No method of this wire has such a result. */
const notOfThisWire = {
  taskPage: () => 'null',
  pushConfigPage: () => 'null',
  card: () => 'null',
  nothing: 'null',
  event: (logged: string) => logged,
};

/** The name of the task that a call is about; empty for one about none. */
export function nameOf({ request }: OperationRequest): string {
  if ('message' in request) return request.message.taskId ?? '';
  if ('taskId' in request) return request.taskId ?? '';
  return 'id' in request ? (request.id ?? '') : '';
}

/** Methods that A2A 0.3 has as well, in the same words. */
const shared: ReadonlySet<string> = new Set(['tasks/get', 'tasks/cancel', 'tasks/resubscribe']);

/**
 * A2A 0.1 over JSON-RPC: tasks/send and its siblings. A method that 0.3 has as well is of this form when it names a task by an id
 * that the caller chose: callers of 0.3 know tasks by our ids only.
 */
export const rpcV01: RpcForm = {
  version,
  results: resultsUnder(''),
  resultsOf: (call) => resultsUnder(nameOf(call)),
  namesTasks: true,
  claims: (method, params) => operationOfMethod(method) !== undefined && (!shared.has(method) || hasChosenId(params)),
  operationOf: operationOfMethod,
  decode: decodeOperation,
  errorBody: jsonRpcErrorBody,
};

function hasChosenId(params: unknown): boolean {
  if (typeof params !== 'object' || params === null || !('id' in params)) return false;
  return typeof params.id === 'string' && !isId('tsk', params.id);
}

/** The plain forms of a send have no version to name, and answer as web servers do. */
const plain = {
  version,
  errorBody: restErrorBody,
  contentType: () => 'application/json',
} as const;

/** Plain tasks/send: a send to a task that its caller names. */
export const plainTaskV01: RestForm = {
  ...plain,
  results: resultsUnder(''),
  resultsOf: (call) => plainTaskResults(nameOf(call)),
  namesTasks: true,
  ...postTo(plainPaths.task),
  decode: (_operation, { body }, limits) => ({ operation: 'SendMessage', request: decodePlainTask(body, limits) }),
};

/** Plain message/send: a message, and the agent's message for it. */
export const plainMessageV01: RestForm = {
  ...plain,
  results: { ...resultsUnder(''), sendMessage: encodePlainMessage },
  ...postTo(plainPaths.message),
  decode: (_operation, { body }, limits) => ({ operation: 'SendMessage', request: decodePlainMessage(body, limits) }),
};

function plainTaskResults(id: string): ResultEncoder {
  return { ...resultsUnder(id), sendMessage: (response) => encodePlainTask(response, id) };
}

/** One address that takes POST only. */
function postTo(path: string): Pick<RestForm, 'claims' | 'match'> {
  return {
    claims: (verb, given) => verb === 'POST' && given === path,
    match: () => ({ kind: 'match', operation: 'SendMessage', params: {} }),
  };
}
