import { connect } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { optionalOperations, taskOperations } from '@colloquy/protocol';
import type { Operation } from '@colloquy/protocol';
import { grpcPath, writeMessage } from '@colloquy/protocol/grpc';
import * as v01 from '@colloquy/protocol/v0_1';
import * as v03 from '@colloquy/protocol/v0_3';
import { restRoutes } from '@colloquy/protocol/v1';
import { anonymous, askHttp } from './call.ts';
import type { Aim, MatrixCall, Told } from './call.ts';

const operations: readonly Operation[] = [...taskOperations, ...optionalOperations];

/** What each operation of A2A is in the policy table: said here anew, so that a change there shows. */
const permissions: Readonly<Record<Operation, string>> = {
  SendMessage: 'task.send',
  SendStreamingMessage: 'task.send',
  GetTask: 'task.get',
  ListTasks: 'task.list',
  CancelTask: 'task.cancel',
  SubscribeToTask: 'task.subscribe',
  CreateTaskPushNotificationConfig: 'push.create',
  GetTaskPushNotificationConfig: 'push.get',
  ListTaskPushNotificationConfigs: 'push.list',
  DeleteTaskPushNotificationConfig: 'push.delete',
  GetExtendedAgentCard: 'card.read',
};

export interface A2aCallsOptions {
  readonly urls: readonly string[];
  /** `host:port`. */
  readonly grpcAddresses: readonly string[];
  /** A task of the tenant that is asked about. */
  readonly taskId: string;
}

const receiver = 'https://receiver.example/';
const configId = 'config-1';

function paramsOfV1(operation: Operation, taskId: string): object {
  const message = { messageId: 'wrong', role: 'ROLE_USER', parts: [{ text: 'wrong' }] };
  switch (operation) {
    case 'SendMessage':
    case 'SendStreamingMessage':
      return { message };
    case 'ListTasks':
    case 'GetExtendedAgentCard':
      return {};
    case 'GetTask':
    case 'CancelTask':
    case 'SubscribeToTask':
      return { id: taskId };
    case 'CreateTaskPushNotificationConfig':
      return { taskId, url: receiver };
    case 'ListTaskPushNotificationConfigs':
      return { taskId };
    case 'GetTaskPushNotificationConfig':
    case 'DeleteTaskPushNotificationConfig':
      return { taskId, id: configId };
  }
}

function paramsOfV03(operation: Operation, taskId: string): object {
  const parts = [{ kind: 'text', text: 'wrong' }];
  if ('message' in paramsOfV1(operation, taskId))
    return { message: { kind: 'message', messageId: 'wrong', role: 'user', parts } };
  if (operation === 'CreateTaskPushNotificationConfig') return { taskId, pushNotificationConfig: { url: receiver } };
  return { id: taskId, pushNotificationConfigId: configId };
}

function paramsOfV01(operation: Operation): object {
  const id = 'chosen-1';
  if ('message' in paramsOfV1(operation, id))
    return { id, message: { role: 'user', parts: [{ type: 'text', text: 'wrong' }] } };
  return operation === 'CreateTaskPushNotificationConfig' ? { id, pushNotificationConfig: { url: receiver } } : { id };
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: object | null;
  readonly version?: string;
}

/** Every operation of A2A in every version and binding, and the cards. */
export function a2aCalls(options: A2aCallsOptions): { readonly calls: readonly MatrixCall[]; close(): void } {
  const { urls, grpcAddresses, taskId } = options;
  const lines = grpcAddresses.map((address) => new GrpcLine(address));
  const http = (name: string, operation: Operation, sent: Sent): MatrixCall => ({
    ...described(name, operation),
    ask: (aim) => askAgent(urls[aim.replica] ?? '', sent, aim),
  });
  const rpc = (version: string, method: string, params: object): Sent => ({
    method: 'POST',
    path: '',
    body: { jsonrpc: '2.0', id: 1, method, params },
    ...(version === '1.0' ? { version } : {}),
  });
  const methods03 = Object.entries(v03.methodOfOperation) as [Operation, string][];
  const methods01 = Object.entries(v01.methodOf) as [Operation, string][];
  const rest = (version: string, routes: typeof restRoutes): MatrixCall[] =>
    routes.map(({ verb, path, operation }) => {
      const filled = path.replaceAll('{taskId}', taskId).replace('{id}', path.includes('{taskId}') ? configId : taskId);
      const body = verb === 'POST' ? restBody(version, operation, taskId) : null;
      const sent = { method: verb, path: filled, body, ...(version === '1.0' ? { version } : {}) };
      return http(`A2A ${version} REST ${verb} ${path}`, operation, sent);
    });
  const cards = ['/.well-known/agent-card.json', '/v0.3/.well-known/agent-card.json', '/.well-known/agent.json'];
  const plain = { method: 'message/send', params: { message: { parts: [{ kind: 'text', text: 'wrong' }] } } };
  return {
    calls: [
      ...operations.map((o) => http(`A2A 1.0 JSON-RPC ${o}`, o, rpc('1.0', o, paramsOfV1(o, taskId)))),
      ...methods03.map(([o, method]) =>
        http(`A2A 0.3 JSON-RPC ${method}`, o, rpc('0.3', method, paramsOfV03(o, taskId))),
      ),
      ...methods01.map(([o, method]) => http(`A2A 0.1 JSON-RPC ${method}`, o, rpc('0.1', method, paramsOfV01(o)))),
      ...rest('1.0', restRoutes),
      ...rest('0.3', v03.restRoutes),
      http('A2A 0.1 plain task', 'SendMessage', {
        method: 'POST',
        path: v01.plainPaths.task,
        body: { id: 'chosen-1', message: { text: 'wrong' } },
      }),
      http('A2A 0.1 plain message', 'SendMessage', { method: 'POST', path: v01.plainPaths.message, body: plain }),
      ...cards.map((path) => http(`card ${path}`, 'GetExtendedAgentCard', { method: 'GET', path, body: null })),
      ...operations.map((o): MatrixCall => ({
        ...described(`gRPC ${o}`, o),
        ask: (aim) => askGrpc(lines[aim.replica], { operation: o, taskId }, aim),
      })),
    ],
    close() {
      for (const line of lines) line.close();
    },
  };
}

function described(name: string, operation: Operation): Omit<MatrixCall, 'ask'> {
  return { name, surface: 'a2a', operation: permissions[operation], isAboutAgent: true, isList: false, askBadly: null };
}

function restBody(version: string, operation: Operation, taskId: string): object {
  if (version === '1.0') return paramsOfV1(operation, taskId);
  const content = [{ text: 'wrong' }];
  if ('message' in paramsOfV1(operation, taskId))
    return { message: { messageId: 'wrong', role: 'ROLE_USER', content } };
  return operation === 'CreateTaskPushNotificationConfig'
    ? { config: { pushNotificationConfig: { url: receiver } } }
    : {};
}

function askAgent(base: string, { method, path, body, version }: Sent, aim: Aim): Promise<Told> {
  const url = `${base}/t/${aim.tenantSlug}/agents/${aim.agentName}${path}`;
  const headers = {
    ...(body === null ? {} : { 'content-type': 'application/json' }),
    ...(version === undefined ? {} : { 'a2a-version': version }),
  };
  return askHttp({ url, method, headers, body: body === null ? undefined : JSON.stringify(body) }, aim);
}

/** The name of each operation's message, where it is not the operation's own. */
function messageOf(operation: Operation): string {
  if (operation === 'SendStreamingMessage') return 'SendMessageRequest';
  return operation === 'CreateTaskPushNotificationConfig' ? 'TaskPushNotificationConfig' : `${operation}Request`;
}

/** A connection that is made anew when the server has had enough of it. */
class GrpcLine {
  readonly #address: string;
  #session: ClientHttp2Session | null = null;

  constructor(address: string) {
    this.#address = address;
  }

  get session(): ClientHttp2Session {
    if (this.#session === null || this.#session.closed || this.#session.destroyed)
      this.#session = connect(`http://${this.#address}`).on('error', () => undefined);
    return this.#session;
  }

  close(): void {
    this.#session?.destroy();
  }
}

async function askGrpc(
  line: GrpcLine | undefined,
  { operation, taskId }: { readonly operation: Operation; readonly taskId: string },
  aim: Aim,
): Promise<Told> {
  if (line === undefined) throw new Error('There is no gRPC here.');
  const tenant = `${aim.tenantSlug}/${aim.agentName}`;
  const message = writeMessage(messageOf(operation), { ...paramsOfV1(operation, taskId), tenant });
  const prefix = Buffer.from([0, 0, 0, 0, 0]);
  prefix.writeUInt32BE(message.length, 1);
  const bytes = Buffer.concat([prefix, message]);
  const head = { ...grpcHead, ...aim.fields, ':path': grpcPath(operation) };
  // A call that the server let fall with its connection was not answered.
  for (let attempts = 1; ; attempts += 1) {
    const told = await callOnce(line.session, head, bytes);
    if (told === null && attempts < grpcAttemptsMax) continue;
    const text = anonymous(String(told?.['grpc-message']), aim);
    return { status: Number(told?.['grpc-status']), isGrpc: true, text };
  }
}

const grpcAttemptsMax = 5;
const grpcHead = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers', 'a2a-version': '1.0' };

/** The fields that were answered; null for none. */
function callOnce(
  session: ClientHttp2Session,
  head: OutgoingHttpHeaders,
  bytes: Buffer,
): Promise<IncomingHttpHeaders | null> {
  return new Promise((resolve) => {
    const call = session.request(head);
    const told: IncomingHttpHeaders = {};
    const note = (headers: IncomingHttpHeaders): void => void Object.assign(told, headers);
    call
      .on('response', note)
      .on('trailers', note)
      .on('error', () => undefined);
    call.on('close', () => resolve(told['grpc-status'] === undefined ? null : told));
    call.resume().end(bytes);
  });
}
