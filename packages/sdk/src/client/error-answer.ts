import { a2aErrorDomain, parseJsonRpcError } from '@colloquy/protocol/errors';
import type { A2aErrorName } from '@colloquy/protocol/errors';
import { ColloquyError } from './colloquy-error.ts';
import type { ErrorKind, Retry, Violation } from './colloquy-error.ts';
import { platformErrors } from './error-codes.ts';
import type { PlatformErrorRow } from './error-codes.ts';

/** The response of an error: its HTTP status, request id and Retry-After. */
export interface ErrorOrigin {
  readonly status: number;
  readonly requestId: string | undefined;
  readonly retryAfter: string | null;
}

/** Reads these facts from a response. */
export function originOf(response: Response): ErrorOrigin {
  const { headers, status } = response;
  return { status, requestId: headers.get('x-request-id') ?? undefined, retryAfter: headers.get('retry-after') };
}

const kindOfName: Readonly<Record<A2aErrorName, ErrorKind>> = {
  TaskNotFoundError: 'not-found',
  TaskNotCancelableError: 'precondition',
  PushNotificationNotSupportedError: 'precondition',
  UnsupportedOperationError: 'precondition',
  ContentTypeNotSupportedError: 'invalid',
  InvalidAgentResponseError: 'upstream-failed',
  ExtendedAgentCardNotConfiguredError: 'precondition',
  ExtensionSupportRequiredError: 'precondition',
  VersionNotSupportedError: 'invalid',
  ParseError: 'invalid',
  InvalidRequestError: 'invalid',
  MethodNotFoundError: 'not-found',
  InvalidParamsError: 'invalid',
  InternalError: 'internal',
  UnauthenticatedError: 'unauthenticated',
  PaymentRequiredError: 'payment-required',
  PermissionDeniedError: 'forbidden',
  NotFoundError: 'not-found',
  MethodNotAllowedError: 'invalid',
  ConflictError: 'conflict',
  FailedPreconditionError: 'precondition',
  ContentTooLargeError: 'too-large',
  RateLimitedError: 'rate-limited',
  CanceledError: 'canceled',
  UpstreamFailedError: 'upstream-failed',
  UnavailableError: 'unavailable',
  UpstreamTimeoutError: 'upstream-timeout',
};

const kindOfStatus: ReadonlyMap<number, ErrorKind> = new Map<number, ErrorKind>([
  [401, 'unauthenticated'],
  [402, 'payment-required'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [409, 'conflict'],
  [412, 'precondition'],
  [413, 'too-large'],
  [422, 'unprocessable'],
  [429, 'rate-limited'],
  [499, 'canceled'],
  [502, 'upstream-failed'],
  [503, 'unavailable'],
  [504, 'upstream-timeout'],
]);

const known: ReadonlyMap<string, PlatformErrorRow> = new Map(Object.entries(platformErrors));

/** Rebuilds the error of a JSON-RPC answer or of the last event of a stream. */
export function jsonRpcFailure(error: unknown, origin: ErrorOrigin): ColloquyError {
  const peer = parseJsonRpcError(error);
  const details = detailsOf(error);
  const own = details.find(({ reason, domain }) => typeof reason === 'string' && domain !== a2aErrorDomain);
  const { requestId, ...metadata } = stringsOf(own?.['metadata']);
  const code = textOf(own?.['reason']) ?? (peer.reason === undefined ? 'sdk.refused' : a2aCode(peer.reason));
  // The number -32000 stands for all refusals of the transport; HTTP then says which.
  const byName = peer.code === -32_000 ? (kindOfStatus.get(origin.status) ?? 'internal') : kindOfName[peer.name];
  const kind = known.get(code)?.kind ?? byName;
  return new ColloquyError({
    code,
    kind,
    message: peer.message === '' ? `The platform answered ${peer.name}.` : peer.message,
    retry: retryOf({ code, kind }, retryInfoMs(details) ?? retryAfterMs(origin)),
    requestId: requestId ?? origin.requestId,
    violations: details.flatMap(violationsOf),
    details: metadata,
  });
}

/** The code of an agent that is called without the platform: the protocol's own reason, as in `a2a.task-not-found`. */
function a2aCode(reason: string): string {
  return `a2a.${reason.toLowerCase().replaceAll('_', '-')}`;
}

/** Rebuilds the error of an admin answer: a problem document (RFC 9457), or the answer of a proxy. */
export function problemFailure(body: unknown, origin: ErrorOrigin): ColloquyError {
  const problem = isRecord(body) ? body : {};
  const code = textOf(problem['code']) ?? 'sdk.refused';
  const byStatus = kindOfStatus.get(origin.status) ?? (origin.status >= 500 ? 'internal' : 'invalid');
  const kind = known.get(code)?.kind ?? byStatus;
  const message =
    textOf(problem['detail']) ?? textOf(problem['title']) ?? `The platform answered HTTP ${origin.status}.`;
  return new ColloquyError({
    code,
    kind,
    message,
    retry: retryOf({ code, kind }, retryAfterMs(origin)),
    requestId: textOf(problem['requestId']) ?? origin.requestId,
    violations: violationsOf({ fieldViolations: problem['violations'] }),
    details: stringsOf(problem['details']),
  });
}

/** The catalogue decides for known codes. Of unknown codes the client retries only requests that did nothing or that name a time to retry. */
function retryOf({ code, kind }: Pick<ColloquyError, 'code' | 'kind'>, afterMs: number | undefined): Retry {
  const mayRepeat = known.get(code)?.retry ?? (kind === 'unavailable' || kind === 'rate-limited' ? 'after' : 'never');
  if (mayRepeat === 'never') return { kind: 'never' };
  return afterMs === undefined ? { kind: 'same-request' } : { kind: 'after', retryAfterMs: afterMs };
}

function retryAfterMs({ retryAfter }: ErrorOrigin): number | undefined {
  return retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : undefined;
}

type Detail = Readonly<Record<string, unknown>>;

function detailsOf(error: unknown): readonly Detail[] {
  const data = isRecord(error) ? error['data'] : undefined;
  return Array.isArray(data) ? data.filter(isRecord) : [];
}

function retryInfoMs(details: readonly Detail[]): number | undefined {
  const delay = details.map((detail) => detail['retryDelay']).find((value) => typeof value === 'string');
  return delay !== undefined && /^\d+(\.\d+)?s$/.test(delay) ? Number.parseFloat(delay) * 1_000 : undefined;
}

function violationsOf(detail: Detail): readonly Violation[] {
  const list: unknown = detail['fieldViolations'];
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).map(({ field, description }) => ({
    field: textOf(field) ?? '',
    description: textOf(description) ?? '',
  }));
}

function stringsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  const strings = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(strings);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isRecord(value: unknown): value is Detail {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
