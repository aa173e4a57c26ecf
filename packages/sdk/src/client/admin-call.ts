import type { Reader } from './answer-shape.ts';
import type { AuthorizedCall } from './authorized-call.ts';
import { withRetries } from './backoff.ts';
import type { Backoff } from './backoff.ts';
import { originOf, problemFailure } from './error-answer.ts';
import { readAnswerJson } from './http-answer.ts';

/** One call of the admin API. */
export interface AdminRequest<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below `/api/v1`, already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
  /** Reads the answer; absent for answers without a body. */
  readonly read: Reader<T>;
  /** Whether doing it twice is as good as once, so that it may be tried again. */
  readonly repeatable: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Calls the admin API. */
export type AdminCall = <T>(request: AdminRequest<T>) => Promise<T>;

/** Calls the admin API of the platform at `baseUrl`. */
export function createAdminCall(authorized: AuthorizedCall, baseUrl: string, backoff: Backoff): AdminCall {
  return <T>(request: AdminRequest<T>): Promise<T> => {
    const attempt = (): Promise<T> => once(authorized, baseUrl, request);
    return request.repeatable ? withRetries(attempt, backoff, request.signal) : attempt();
  };
}

async function once<T>(authorized: AuthorizedCall, baseUrl: string, request: AdminRequest<T>): Promise<T> {
  const url = new URL(`${baseUrl}/api/v1${request.path}`);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const hasBody = request.body !== undefined;
  const response = await authorized(url.href, {
    method: request.method,
    headers: { accept: 'application/json', ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    ...(hasBody ? { body: JSON.stringify(request.body) } : {}),
    signal: request.signal ?? null,
  });
  const answer = await readAnswerJson(response);
  if (!response.ok) throw problemFailure(answer, originOf(response));
  return request.read(answer, 'answer');
}
