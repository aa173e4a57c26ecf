import { randomUUID } from 'node:crypto';
import { connect, constants } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { readMessage, statusDetailsTrailer, writeMessage } from '@colloquy/protocol/grpc';
import type { MessageJson } from '@colloquy/protocol/grpc';
import { startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting } from './a2a-setting.ts';
import type { TestPlatformOptions } from '@colloquy/testkit';

/** What a call ended with. */
export interface GrpcEnd {
  /** `grpc-status`; null when the call was broken off without one. */
  readonly code: number | null;
  readonly message: string;
  /** The reasons of the status details, in order. */
  readonly reasons: readonly string[];
  /** What the first reason says beside its name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The fields that the status details complain about. */
  readonly fields: readonly string[];
  readonly requestId: string;
  readonly messages: readonly Buffer[];
  readonly resetCode: number;
}

export interface GrpcCall {
  readonly stream: ClientHttp2Stream;
  readonly end: Promise<GrpcEnd>;
}

export interface GrpcCallOptions {
  /** Null sends none. Default: the tenant's own. */
  readonly token?: string | null;
  readonly headers?: OutgoingHttpHeaders;
  readonly path?: string;
  /** Leaves the call open for more bytes. */
  readonly isOpen?: boolean;
}

/** A platform and a bare HTTP/2 connection to its gRPC port. */
export interface GrpcSetting extends Omit<A2aSetting, 'call'> {
  readonly session: ClientHttp2Session;
  readonly token: string;
  /** `{tenant}/{agent}`. */
  readonly tag: string;
  /** Another connection. */
  connect(): ClientHttp2Session;
  /** Sends these bytes as they are. */
  open(operation: string, bytes: Buffer | null, options?: GrpcCallOptions): GrpcCall;
  /** Sends one message of the schema. */
  call(operation: string, message: string, json: object, options?: GrpcCallOptions): Promise<GrpcEnd>;
}

export const frame = (message: Uint8Array, flag = 0): Buffer => {
  const prefix = Buffer.from([flag, 0, 0, 0, 0]);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
};

export const framed = (message: string, json: object): Buffer => frame(writeMessage(message, json));

export const words = (text: string, over: object = {}) => ({
  message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text }], ...over },
});

export function read(message: string, bytes: Buffer | undefined): MessageJson {
  if (bytes === undefined) throw new Error('There is no message.');
  return readMessage(message, bytes, { structDepthMax: 32 });
}

/** In megabytes; Node's HTTP/2 client resets a stream that it has no memory for, before the server hears of it. */
const maxSessionMemory = 1_024;

export async function startGrpcSetting(options: TestPlatformOptions = {}): Promise<GrpcSetting> {
  const setting = await startA2aSetting(options);
  const token = await setting.tokenFor(setting.tenant);
  const sessions: ClientHttp2Session[] = [];
  const open = (): ClientHttp2Session => {
    const session = connect(`http://${setting.platform.platform.grpcAddress ?? ''}`, { maxSessionMemory });
    session.on('error', () => undefined);
    sessions.push(session);
    return session;
  };
  const session = open();
  const call: GrpcSetting['open'] = (operation, bytes, callOptions = {}) =>
    openCall(session, { token, operation, bytes, ...callOptions });
  return {
    ...setting,
    session,
    token,
    tag: `${setting.tenant.slug}/worker`,
    connect: open,
    open: call,
    call: (operation, message, json, callOptions) => call(operation, framed(message, json), callOptions).end,
    async [Symbol.asyncDispose]() {
      for (const one of sessions) one.destroy();
      await setting[Symbol.asyncDispose]();
    },
  };
}

interface OpenCall extends GrpcCallOptions {
  readonly operation: string;
  readonly bytes: Buffer | null;
}

export function openCall(session: ClientHttp2Session, asked: OpenCall): GrpcCall {
  const { operation, bytes, token = null, headers, path, isOpen = false } = asked;
  const stream = session.request({
    ':method': 'POST',
    ':path': path ?? `/lf.a2a.v1.A2AService/${operation}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    'a2a-version': '1.0',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...headers,
  });
  if (bytes !== null) stream.write(bytes);
  if (!isOpen) stream.end();
  return { stream, end: endOf(stream) };
}

async function endOf(stream: ClientHttp2Stream): Promise<GrpcEnd> {
  const fields = new Map<string, string>();
  const note = (headers: IncomingHttpHeaders): void => {
    for (const [name, value] of Object.entries(headers)) fields.set(name, String(value));
  };
  const chunks: Buffer[] = [];
  stream.on('response', note);
  stream.on('trailers', note);
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', () => undefined);
  // A server that has said its last word may leave our half of the stream open.
  stream.on('end', () => stream.end());
  await new Promise((resolve) => stream.on('close', resolve));
  const status = fields.get('grpc-status');
  const details = fields.get(statusDetailsTrailer);
  return {
    code: status === undefined ? null : Number(status),
    message: decodeURIComponent(fields.get('grpc-message') ?? ''),
    ...readDetails(Buffer.from(details ?? '', 'base64')),
    requestId: fields.get('x-request-id') ?? '',
    messages: messagesOf(Buffer.concat(chunks)),
    resetCode: stream.rstCode ?? constants.NGHTTP2_NO_ERROR,
  };
}

function readDetails(bytes: Buffer): Pick<GrpcEnd, 'reasons' | 'metadata' | 'fields'> {
  const { details } = readMessage('Status', bytes, { structDepthMax: 8 });
  const reasons: string[] = [];
  const fields: string[] = [];
  let metadata: GrpcEnd['metadata'] | undefined;
  for (const any of (details ?? []) as readonly { typeUrl: string; value: Uint8Array }[]) {
    const name = any.typeUrl.split('.').at(-1) ?? '';
    const detail = readMessage(name, any.value, { structDepthMax: 8 });
    if (name === 'ErrorInfo') {
      reasons.push(String(detail['reason']));
      metadata ??= detail['metadata'] as GrpcEnd['metadata'];
    }
    if (name === 'BadRequest')
      fields.push(...(detail['fieldViolations'] as readonly { field?: string }[]).map(({ field = '' }) => field));
  }
  return { reasons, metadata: metadata ?? {}, fields };
}

function messagesOf(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length;) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    messages.push(bytes.subarray(at + 5, end));
    at = end;
  }
  return messages;
}
