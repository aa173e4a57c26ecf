import type { IncomingMessage, ServerResponse } from 'node:http';
import { DecodeError, errorTable, jsonRpcErrorBody } from '@colloquy/protocol/errors';
import type { WireError } from '@colloquy/protocol/errors';
import { readJson } from '@colloquy/protocol/json';
import { decodeJsonRpcRequest, encodeJsonRpcError, encodeJsonRpcResult } from '@colloquy/protocol/jsonrpc';
import type { JsonRpcId, JsonRpcRequest } from '@colloquy/protocol/jsonrpc';
import {
  decodeTaskOperation,
  defaultDecodeLimits,
  encodeSendMessageResponse,
  encodeStreamResponse,
  encodeTask,
  isJsonContentType,
  isTaskOperation,
  negotiateVersion,
  operationOfMethod,
  versionHeader,
} from '@colloquy/protocol/v1';
import type { TaskOperation } from '@colloquy/protocol/v1';
import type { AgentRuntime, Requester } from './accept-message.ts';
import { agentLimits } from './agent-limits.ts';
import { cancel, getTask, sendMessage, streamMessage, subscribeToTask } from './agent-operations.ts';
import { AgentRefusal } from './agent-refusal.ts';
import { writeEventStream } from './event-stream.ts';
import { delegationOf } from './forward-trust.ts';
import type { ForwardVerifier } from './forward-trust.ts';
import { discardBody, readBody } from './request-body.ts';
import type { LoggedEvent } from './task-log.ts';

/** The parts of an agent's JSON-RPC endpoint. */
export interface RpcOptions extends AgentRuntime {
  /** Absent admits every caller. */
  readonly verify: ForwardVerifier | undefined;
}

/** Answers one POST: A2A 1.0 over JSON-RPC. Every failure has an answer; it never rejects. */
export async function answerRpc(
  options: RpcOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let id: JsonRpcId = null;
  try {
    const caller = await options.verify?.(request.headers);
    const call = await readCall(request, (known) => {
      id = known;
    });
    const operation = operationOf(call.method);
    const delegation = delegationOf(request.headers);
    const requester: Requester = { caller, delegation, signal: goneSignal(response), afterSeq: lastEventId(request) };
    const result = await run(options, operation, call.params, requester);
    if (typeof result === 'string') return answer(response, 200, encodeJsonRpcResult(call.id, result));
    await writeEventStream(response, encodedEvents(call.id, result), requester.signal);
  } catch (error) {
    await refuse(options, request, response, { id, error });
  }
}

async function readCall(request: IncomingMessage, idKnown: (id: JsonRpcId) => void): Promise<JsonRpcRequest> {
  if (!isJsonContentType(request.headers['content-type'])) {
    throw new AgentRefusal('ContentTypeNotSupportedError', 'Send the request as application/json.');
  }
  const reading = readJson(await readBody(request), { depthMax: agentLimits.jsonDepthMax });
  if (reading.kind === 'refusal') throw new AgentRefusal('ParseError', reading.message);
  const call = decodeJsonRpcRequest(reading.value);
  idKnown(call.id);
  if (call.kind === 'refusal') throw new AgentRefusal(call.error, call.message);
  checkVersion(request);
  return call;
}

function checkVersion(request: IncomingMessage): void {
  const header = request.headers['a2a-version'];
  const query = new URL(request.url ?? '/', 'http://agent').searchParams.get(versionHeader);
  const outcome = negotiateVersion(typeof header === 'string' ? header : undefined, query ?? undefined);
  if (outcome.kind === 'supported') return;
  throw new AgentRefusal('VersionNotSupportedError', 'This agent speaks A2A 1.0: send the header A2A-Version: 1.0.', {
    metadata: { supportedVersions: outcome.supported.join(','), requestedVersion: outcome.requested },
  });
}

function operationOf(method: string): Exclude<TaskOperation, 'ListTasks'> {
  const operation = operationOfMethod(method);
  if (operation === undefined) throw new AgentRefusal('MethodNotFoundError', 'There is no such method.');
  if (isTaskOperation(operation) && operation !== 'ListTasks') return operation;
  if (operation.includes('PushNotification')) {
    throw new AgentRefusal('PushNotificationNotSupportedError', 'This agent does not call back.');
  }
  throw new AgentRefusal('UnsupportedOperationError', `This agent does not offer ${operation}.`);
}

type Result = string | AsyncIterable<LoggedEvent>;

async function run(
  options: RpcOptions,
  operation: TaskOperation,
  params: unknown,
  requester: Requester,
): Promise<Result> {
  const call = decodeTaskOperation(operation, params, defaultDecodeLimits);
  switch (call.operation) {
    case 'SendMessage':
      return encodeSendMessageResponse(await sendMessage(options, call.request, requester));
    case 'SendStreamingMessage':
      return streamMessage(options, call.request, requester);
    case 'GetTask':
      return encodeTask(getTask(options, call.request, requester));
    case 'CancelTask':
      return encodeTask(await cancel(options, call.request, requester));
    case 'SubscribeToTask':
      return subscribeToTask(options, call.request, requester);
    case 'ListTasks':
      throw new AgentRefusal('UnsupportedOperationError', 'This agent does not list tasks.');
  }
}

async function* encodedEvents(
  id: JsonRpcId,
  events: AsyncIterable<LoggedEvent>,
): AsyncGenerator<{ id: string; data: string }> {
  for await (const { seq, event } of events) {
    yield { id: String(seq), data: encodeJsonRpcResult(id, encodeStreamResponse(event)) };
  }
}

/** Aborts when the connection closes before the answer is complete. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

function lastEventId(request: IncomingMessage): number | undefined {
  const header = request.headers['last-event-id'];
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}

interface Failure {
  readonly id: JsonRpcId;
  readonly error: unknown;
}

async function refuse(
  options: RpcOptions,
  request: IncomingMessage,
  response: ServerResponse,
  { id, error }: Failure,
): Promise<void> {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const wire = wireError(options, error);
  const status = errorTable[wire.name].jsonRpcHttpStatus;
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  if (status === 413) {
    response.setHeader('connection', 'close');
    await discardBody(request);
  }
  answer(response, status, encodeJsonRpcError(id, jsonRpcErrorBody(wire)));
}

function wireError(options: RpcOptions, error: unknown): WireError {
  if (error instanceof AgentRefusal) return error.wire;
  if (error instanceof DecodeError) {
    return {
      name: 'InvalidParamsError',
      message: 'The request is not valid; see the listed fields.',
      violations: error.violations,
    };
  }
  options.onError(error, { id: '' });
  return { name: 'InternalError', message: 'The agent failed to answer.' };
}

function answer(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) });
  response.end(json);
}
