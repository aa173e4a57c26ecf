import assert from 'node:assert/strict';
import type { WireAnswer } from './a2a-setting.ts';

/** What a bad request is answered with; `reason` is the last ErrorInfo's, which is the platform's own. */
export interface Refusal {
  readonly code: number;
  readonly status: number;
  readonly reason: string;
}

export const rpcRefusal = (code: number, reason = 'request.invalid', status = 200): Refusal => ({
  code,
  status,
  reason,
});

/** The REST status of each JSON-RPC number (A2A 1.0.1 section 5.4). */
export const restStatusOf = (refusal: Refusal): number => {
  if (refusal.code === -32000) return refusal.status;
  return refusal.code === -32001 || refusal.code === -32601 ? 404 : 400;
};

type Details = readonly { readonly reason?: string }[] | undefined;

/** An error object with a JSON-RPC number. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: Details;
}

/** The answer is this JSON-RPC error, and shows nothing of the inside. */
export function assertRpc(answer: WireAnswer, { code, status, reason }: Refusal): void {
  const { error } = answer.json as { readonly error: RpcError };
  assert.deepEqual(
    [error.code, answer.status, reasonOf(error.data)],
    [code, status, reason],
    answer.text.slice(0, 500),
  );
  assertHarmless(answer);
}

/** The platform's own reason. */
export function reasonOf(details: Details): string | undefined {
  return details?.findLast((detail) => detail.reason !== undefined)?.reason;
}

/** No error shows code, statements or libraries. */
export function assertHarmless({ text, headers: fields }: WireAnswer): void {
  assert.match(fields.get('x-request-id') ?? '', /^req_[0-9a-f]{32}$/);
  assert.doesNotMatch(text, /node_modules|\.ts:|select |colloquy\.tasks|FST_ERR/);
}
