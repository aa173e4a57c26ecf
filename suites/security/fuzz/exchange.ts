import { Agent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import type { FuzzRequest } from './party.ts';

/** What came back. */
export interface Answer {
  /** Of HTTP, or what gRPC's status comes to. Null: the connection ended without an answer. */
  readonly status: number | null;
  /** Fields and body. */
  readonly text: string;
  /** Nothing came in time. */
  readonly isLate: boolean;
  /** The platform took the request for one to carry out. */
  readonly isAccepted: boolean;
}

const answerMsMax = 20_000;
const textCharsMax = 512 * 1024;
/** A stream that says nothing for so long is left: its task waits for its caller, and may do so for ever. */
const streamQuietMsMax = 250;
/** Codes of gRPC that say that the server failed: UNKNOWN, INTERNAL, DATA_LOSS. */
const serverFailures = new Set(['2', '13', '15']);
const unavailable = '14';

/**
 * The library's own words for an unreadable `grpc-timeout`, and for a message whose flag says that it is compressed when
 * it is not: the code is INTERNAL as gRPC's own specification has it, and the caller's is the fault.
 */
const isCallersFault = (message: string): boolean =>
  message.startsWith('Invalid grpc-timeout value ') || message === 'Failed to decompress message';

/** Connections to one platform, kept open between requests. */
export class Exchange implements Disposable {
  readonly #http = new Agent({ keepAlive: true, maxSockets: 32 });
  readonly #grpc: ClientHttp2Session[] = [];
  readonly #port: number;
  readonly #grpcAddress: string;

  constructor(port: number, grpcAddress: string) {
    this.#port = port;
    this.#grpcAddress = grpcAddress;
  }

  send(request: FuzzRequest): Promise<Answer> {
    return request.surface === 'gRPC' ? this.#call(request) : this.#ask(request);
  }

  #ask({ method, path, headers, body }: FuzzRequest): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const nothing: Answer = { status: null, text: '', isLate: false, isAccepted: false };
    const length = body === null ? {} : { 'content-length': String(body.length) };
    const signal = AbortSignal.timeout(answerMsMax);
    const failed = (): void => resolve({ ...nothing, isLate: signal.aborted });
    const asked = httpRequest({
      agent: this.#http,
      host: '127.0.0.1',
      port: this.#port,
      method,
      path,
      headers: { ...headers, ...length },
      signal,
    });
    asked.on('error', failed);
    asked.on('response', (response) => {
      // What breaks now is the answer's.
      asked.off('error', failed).on('error', () => undefined);
      void readAnswer(response, signal).then((answer) => {
        resolve(answer);
        // Of a stream that was left, the rest is not wanted.
        if (!response.complete) asked.destroy();
      });
    });
    asked.end(body ?? undefined);
    return promise;
  }

  #call({ path, headers, body }: FuzzRequest): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const call = this.#session().request({ ':method': 'POST', ':path': path, ...headers });
    const fields = new Map<string, string>();
    const note = (told: IncomingHttpHeaders): void => {
      for (const [name, value] of Object.entries(told)) fields.set(name, String(value));
    };
    let text = '';
    const timer = setTimeout(() => call.destroy(), answerMsMax);
    call.on('response', note);
    call.on('trailers', note);
    call.on('data', (piece: Buffer) => {
      if (text.length < textCharsMax) text += piece.toString('latin1');
    });
    call.on('error', () => undefined);
    call.on('end', () => call.end());
    const startedMs = performance.now();
    call.on('close', () => {
      clearTimeout(timer);
      const code = fields.get('grpc-status');
      const head = Array.from(fields, ([name, value]) => `${name}: ${decodeSafely(value)}\n`).join('');
      resolve({
        status:
          code === undefined ? httpStatusOf(fields) : statusOf(code, decodeSafely(fields.get('grpc-message') ?? '')),
        text: head + text,
        isLate: code === undefined && performance.now() - startedMs >= answerMsMax,
        isAccepted: code === '0',
      });
    });
    call.end(body ?? undefined);
    return promise;
  }

  /** Bad frames end the connection for all calls on it. */
  #session(): ClientHttp2Session {
    const [open] = this.#grpc;
    if (open !== undefined && !open.destroyed && !open.closed) return open;
    const session = connect(`http://${this.#grpcAddress}`);
    session.on('error', () => undefined);
    this.#grpc.unshift(session);
    return session;
  }

  [Symbol.dispose](): void {
    this.#http.destroy();
    for (const session of this.#grpc) session.destroy();
  }
}

/** Reads an answer to its end; one that breaks off is none, but what it showed is kept. Never rejects. */
async function readAnswer(response: IncomingMessage, signal: AbortSignal): Promise<Answer> {
  const fields = Object.entries(response.headers).map(([name, value]) => `${name}: ${String(value)}\n`);
  let body = '';
  response.setEncoding('utf8').on('data', (piece: string) => {
    if (body.length < textCharsMax) body += piece;
  });
  const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
  const isWhole = await (isStream ? untilQuiet(response) : untilEnded(response));
  const text = fields.join('') + body;
  if (!isWhole) return { status: null, text, isLate: signal.aborted, isAccepted: false };
  const status = response.statusCode ?? 0;
  return { status, text, isLate: false, isAccepted: status < 400 && !isRpcError(body) };
}

function untilEnded(response: IncomingMessage): Promise<boolean> {
  return new Promise((resolve) => {
    response.on('end', () => resolve(true)).on('error', () => resolve(false));
  });
}

function untilQuiet(response: IncomingMessage): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let timer: NodeJS.Timeout | undefined;
  response.on('data', () => {
    clearTimeout(timer);
    timer = setTimeout(() => resolve(true), streamQuietMsMax);
  });
  return Promise.race([promise, untilEnded(response)]).finally(() => clearTimeout(timer));
}

/** The nearest status of HTTP. */
function statusOf(code: string, message: string): number {
  if (code === '0') return 200;
  if (code === unavailable) return 503;
  return serverFailures.has(code) && !isCallersFault(message) ? 500 : 400;
}

/** Of a call that ended without a status of gRPC. */
function httpStatusOf(fields: ReadonlyMap<string, string>): number | null {
  const status = fields.get(':status');
  return status === undefined ? null : Number(status);
}

function isRpcError(body: string): boolean {
  return (
    /^\{"jsonrpc":"2\.0",(?:"id":[^{]*,)?"error":/.test(body) || /"error":\{"code":-\d+/.test(body.slice(0, 2_000))
  );
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
