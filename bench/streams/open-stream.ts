import { request } from 'node:http';
import type { Agent } from 'node:http';

/** A JSON-RPC call that is answered with a stream. */
export interface StreamCall {
  readonly url: string;
  readonly token?: string;
  readonly method: 'SendStreamingMessage' | 'SubscribeToTask';
  readonly params: object;
  /** Keeps connections for the next stream; without it each stream has its own. */
  readonly agent?: Agent;
}

export interface StreamReader {
  opened(): void;
  chunk(text: string): void;
  /** Once, whatever happened: null for an orderly end. */
  over(problem: string | null): void;
}

/** Asks for a stream and feeds it to its reader. */
export function openStream({ url, token, method, params, agent }: StreamCall, reader: StreamReader): void {
  let isOver = false;
  const over = (problem: string | null): void => {
    if (!isOver) reader.over(problem);
    isOver = true;
  };
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    'a2a-version': '1.0',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const call = request(url, { method: 'POST', headers, agent: agent ?? false }, (response) => {
    response.setEncoding('utf8');
    const isStream = (response.headers['content-type'] ?? '').startsWith('text/event-stream');
    if (isStream) reader.opened();
    let refusal = '';
    response.on('data', (text: string) => {
      if (isStream) reader.chunk(text);
      else refusal += text;
    });
    response.on('end', () => over(isStream ? null : `${response.statusCode ?? 0} ${refusal.slice(0, 200)}`));
    response.on('error', (error) => over(error.message));
    response.on('close', () => over('cut'));
  });
  call.on('error', (error) => over(error.message));
  call.end(body);
}
