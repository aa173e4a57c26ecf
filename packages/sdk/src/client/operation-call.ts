import type { AuthorizedCall } from './authorized-call.ts';
import { withRetries } from './backoff.ts';
import type { Backoff } from './backoff.ts';
import { ColloquyError } from './colloquy-error.ts';
import { originOf, problemFailure } from './error-answer.ts';
import { readEvents } from './event-source.ts';
import { invalidAnswer, readAnswerJson, readAnswerText, requestIdOf } from './http-answer.ts';
import { operations } from './operations.gen.ts';

/** The arguments of a call besides the parameters of its path and its query. */
export interface GivenArguments {
  readonly body?: object | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly lastEventId?: string | undefined;
  readonly [parameter: string]: unknown;
}

/** One event of a stream. */
export interface StreamedEvent<Data> {
  /** Give it as `lastEventId` to continue after this event; absent on an event that has no id. */
  readonly id?: string | undefined;
  readonly data: Data;
}

/** The parts that every call of the admin API uses. */
export interface OperationCaller {
  readonly authorized: AuthorizedCall;
  /** Of the platform, without a slash at its end. */
  readonly baseUrl: string;
  readonly backoff: Backoff;
}

type OperationId = keyof typeof operations;

/** POST operations whose second request changes nothing further. */
const repeatablePosts: ReadonlySet<OperationId> = new Set([
  'grantCredits',
  'serveInstance',
  'replayDeadLetter',
  'quote',
  'eraseAuditSubject',
  'pruneAudit',
] as const);

/** Whether the client sends a request again when its answer is lost. */
function isRepeatable(id: OperationId, { idempotencyKey }: GivenArguments): boolean {
  return operations[id][0] !== 'POST' || repeatablePosts.has(id) || idempotencyKey !== undefined;
}

/** Calls an operation and resolves with its answer; undefined when it has none. Refusals are thrown as {@link ColloquyError}. */
export function callOperation(caller: OperationCaller, id: OperationId, given: GivenArguments): Promise<unknown> {
  const attempt = async (): Promise<unknown> => {
    const response = await send(caller, id, given, 'application/json');
    const answer = response.status === 204 ? undefined : await readAnswerJson(response);
    if (!response.ok) throw problemFailure(answer, originOf(response));
    if (response.status !== 204 && (typeof answer !== 'object' || answer === null))
      throw invalidAnswer('it is no JSON object', requestIdOf(response));
    return answer;
  };
  return isRepeatable(id, given) ? withRetries(attempt, caller.backoff, given.signal) : attempt();
}

/** Calls an operation for its answer as CSV. Refusals are thrown as {@link ColloquyError}. */
export function csvOperation(caller: OperationCaller, id: OperationId, given: GivenArguments): Promise<string> {
  const attempt = async (): Promise<string> => {
    const response = await send(caller, id, given, 'text/csv');
    if (!response.ok) throw problemFailure(await readAnswerJson(response), originOf(response));
    if (response.headers.get('content-type')?.startsWith('text/csv') !== true)
      throw invalidAnswer('it is no CSV', requestIdOf(response));
    return readAnswerText(response);
  };
  return withRetries(attempt, caller.backoff, given.signal);
}

/** Calls an operation that answers a stream, and yields its events until the platform closes it. */
export async function* streamOperation(
  caller: OperationCaller,
  id: OperationId,
  given: GivenArguments,
): AsyncGenerator<StreamedEvent<unknown>, void, undefined> {
  const open = async (): Promise<Response> => {
    const response = await send(caller, id, given, 'text/event-stream');
    if (!response.ok) throw problemFailure(await readAnswerJson(response), originOf(response));
    return response;
  };
  const response = await withRetries(open, caller.backoff, given.signal);
  for await (const { data, lastEventId } of readEvents(response, given.signal)) {
    yield { data: JSON.parse(data), ...(lastEventId === '' ? {} : { id: lastEventId }) };
  }
}

function send(
  { authorized, baseUrl }: OperationCaller,
  id: OperationId,
  given: GivenArguments,
  accept: string,
): Promise<Response> {
  const [method, template] = operations[id];
  const { tenant, body, signal, idempotencyKey, lastEventId, ...parameters } = given;
  const inPath = new Set<string>();
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    inPath.add(name);
    return pathSegment(id, name, name === 'tenant' ? tenant : parameters[name]);
  });
  const url = new URL(`${baseUrl}/api/v1${path}`);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && !inPath.has(name)) url.searchParams.set(name, textOf(name, value));
  }
  return authorized(url.href, {
    method,
    headers: {
      accept,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: signal ?? null,
  });
}

/** A URL resolves `.` and `..` also when they are escaped, so such a name would address another resource. */
function pathSegment(id: OperationId, name: string, value: unknown): string {
  if (value === undefined) throw new TypeError(`${id} needs the argument '${name}'.`);
  const text = textOf(name, value);
  if (text !== '.' && text !== '..') return encodeURIComponent(text);
  throw new ColloquyError({
    code: 'request.invalid',
    kind: 'invalid',
    message: `"${text}" can not be the ${name} of a request.`,
    retry: { kind: 'never' },
  });
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TypeError(`The argument '${name}' is neither a string nor a number.`);
}
