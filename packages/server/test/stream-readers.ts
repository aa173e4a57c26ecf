import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http2';
import { constants } from 'node:http2';
import { defaultDecodeLimits } from '@colloquy/protocol/codec';
import { decodeGrpcStreamItem } from '@colloquy/protocol/grpc';
import { SseParser } from '@colloquy/protocol/sse';
import { json, version } from './a2a-setting.ts';
import { framed, openCall } from './grpc-setting.ts';
import type { GrpcSetting } from './grpc-setting.ts';

/** One streaming call, in words that every binding has. */
export interface StreamAsked {
  readonly operation: 'SendStreamingMessage' | 'SubscribeToTask';
  readonly request: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the setting's own tenant. */
  readonly as?: { readonly slug: string; readonly token: string };
}

/** A stream that is being read, event by event as JSON text in the words of its binding. */
export interface StreamRead {
  readonly kind: 'stream';
  readonly events: string[];
  /** The ids of the frames; empty where the binding has none. */
  readonly ids: string[];
  /** The extensions that the answer calls active. */
  readonly extensions: string | undefined;
  readonly over: Promise<unknown>;
  /** Cuts the connection. */
  leave(): void;
}

/** An answer instead of a stream, as text. */
export interface StreamRefused {
  readonly kind: 'refusal';
  readonly text: string;
}

/** A binding and version of A2A, as a reader of streams uses it. */
export interface StreamBinding {
  readonly name: string;
  /** The field that names extensions. */
  readonly extensionsField: string;
  open(asked: StreamAsked): Promise<StreamRead | StreamRefused>;
}

interface Post {
  readonly path: string;
  readonly body: unknown;
}

const rpc = (method: string, params: unknown): Post => ({ path: '', body: { jsonrpc: '2.0', id: 1, method, params } });
const subscribePath = ({ request }: StreamAsked): string => `/tasks/${String(request['id'])}:subscribe`;

/** The message of 1.0 in the words of 0.3, whose two bindings differ in them. */
function earlierMessage({ request }: StreamAsked, isRpc: boolean): unknown {
  if (!('message' in request)) return request;
  const { messageId, parts } = request['message'] as { messageId: string; parts: readonly { text: string }[] };
  const message = isRpc
    ? { kind: 'message', messageId, role: 'user', parts: parts.map(({ text }) => ({ kind: 'text', text })) }
    : { messageId, role: 'ROLE_USER', content: parts };
  return { ...request, message };
}

/** Every binding and version whose streams have cursors. */
export function streamBindings(setting: () => GrpcSetting): readonly StreamBinding[] {
  const overHttp = (
    name: string,
    wire: { readonly extensionsField: string; readonly headers: object },
    post: (asked: StreamAsked) => Post,
  ) => ({
    name,
    extensionsField: wire.extensionsField,
    open: (asked: StreamAsked) => openSse(setting(), { ...wire.headers, ...asked.headers }, asked, post(asked)),
  });
  const v1 = { extensionsField: 'a2a-extensions', headers: version };
  const v03 = { extensionsField: 'x-a2a-extensions', headers: {} };
  return [
    overHttp('JSON-RPC', v1, ({ operation, request }) => rpc(operation, request)),
    overHttp('HTTP+JSON', v1, (asked) => {
      const isSend = asked.operation === 'SendStreamingMessage';
      return { path: isSend ? '/message:stream' : subscribePath(asked), body: isSend ? asked.request : {} };
    }),
    overHttp('JSON-RPC of 0.3', v03, (asked) => {
      const isSend = asked.operation === 'SendStreamingMessage';
      return rpc(isSend ? 'message/stream' : 'tasks/resubscribe', earlierMessage(asked, true));
    }),
    overHttp('HTTP+JSON of 0.3', v03, (asked) => {
      const isSend = asked.operation === 'SendStreamingMessage';
      return { path: `/v1${isSend ? '/message:stream' : subscribePath(asked)}`, body: earlierMessage(asked, false) };
    }),
    { name: 'gRPC', extensionsField: 'a2a-extensions', open: (asked) => openGrpc(setting(), asked) },
  ];
}

async function openSse(
  { fetch, path, tenant, token }: GrpcSetting,
  headers: Readonly<Record<string, string>>,
  { as = { slug: tenant.slug, token } }: StreamAsked,
  { path: below, body }: Post,
): Promise<StreamRead | StreamRefused> {
  const leaving = new AbortController();
  const response = await fetch(path.replace(tenant.slug, as.slug) + below, {
    method: 'POST',
    body: JSON.stringify(body),
    token: as.token,
    headers: { ...json, ...headers },
    signal: leaving.signal,
  });
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    return { kind: 'refusal', text: await response.text() };
  }
  const { headers: head } = response;
  const extensions = head.get('a2a-extensions') ?? head.get('x-a2a-extensions') ?? undefined;
  const [events, ids]: [string[], string[]] = [[], []];
  const read = async (): Promise<void> => {
    const parser = new SseParser({ eventBytesMax: 1024 * 1024 });
    for await (const bytes of response.body ?? []) {
      for (const { data, lastEventId } of parser.push(bytes as Uint8Array)) {
        events.push(data);
        ids.push(lastEventId);
      }
    }
  };
  const over = read().catch(() => undefined);
  return { kind: 'stream', events, ids, extensions, over, leave: () => leaving.abort() };
}

async function openGrpc(setting: GrpcSetting, asked: StreamAsked): Promise<StreamRead | StreamRefused> {
  const { operation, request, headers = {}, as = { slug: setting.tenant.slug, token: setting.token } } = asked;
  const message = operation === 'SubscribeToTask' ? 'SubscribeToTaskRequest' : 'SendMessageRequest';
  const bytes = framed(message, { tenant: `${as.slug}/worker`, ...request });
  const call = openCall(setting.session, { token: as.token, operation, bytes, headers });
  const events: string[] = [];
  let rest = Buffer.alloc(0);
  call.stream.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
      const end = 5 + rest.readUInt32BE(1);
      events.push(JSON.stringify(decodeGrpcStreamItem(rest.subarray(5, end), defaultDecodeLimits)));
      rest = rest.subarray(end);
    }
  });
  const [head] = (await once(call.stream, 'response')) as [IncomingHttpHeaders];
  if (head['grpc-status'] !== undefined) return { kind: 'refusal', text: JSON.stringify(await call.end) };
  const named = head['a2a-extensions'];
  return {
    kind: 'stream',
    events,
    ids: [],
    extensions: named === undefined ? undefined : String(named),
    over: call.end,
    leave: () => call.stream.close(constants.NGHTTP2_CANCEL),
  };
}
