import { ColloquyError } from './colloquy-error.ts';

/** One HTTP exchange; the type of the global `fetch`. */
export type Fetch = typeof fetch;

/** As `fetch`, but a failure to connect or to get an answer is a {@link ColloquyError}. */
export type HttpCall = (url: string, init: RequestInit) => Promise<Response>;

/** Wraps `fetch`; redirects are refused, since they would carry the token elsewhere. */
export function createHttpCall(fetchFunction: Fetch): HttpCall {
  return async (url, init) => {
    try {
      return await fetchFunction(url, { ...init, redirect: 'error' });
    } catch (error) {
      throw connectionError(error, init.signal, url);
    }
  };
}

/** What a broken connection means to the caller: its own abort as it is, anything else as `sdk.unreachable`. */
export function connectionError(error: unknown, signal: AbortSignal | null | undefined, url: string): unknown {
  if (error instanceof ColloquyError) return error;
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
  if (signal?.aborted === true && !timedOut) return signal.reason;
  return new ColloquyError({
    code: 'sdk.unreachable',
    kind: 'unavailable',
    message: `No whole answer came from ${new URL(url).origin}${reasonOf(error)}.`,
    retry: { kind: 'same-request' },
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string') {
    return ` (${cause.code})`;
  }
  return cause instanceof Error ? ` (${cause.message})` : '';
}
