import type { AgentServer } from '@colloquy/sdk/agent';

/** What a raw JSON-RPC exchange gave. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly id?: unknown;
    readonly result?: Record<string, unknown>;
    readonly error?: { readonly code: number; readonly message: string; readonly data?: readonly unknown[] };
  };
}

/** Posts a body as it is, without the SDK's client in between. */
export async function post(agent: AgentServer, body: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const response = await fetch(agent.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'a2a-version': '1.0', ...headers },
    body,
  });
  const answered = (await response.json()) as RawAnswer['body'];
  return { status: response.status, headers: response.headers, body: answered };
}

/** One JSON-RPC call. */
export function rpc(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
}

/** A user's message as it goes over the wire. */
export function userMessage(text: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text }], ...more } };
}
