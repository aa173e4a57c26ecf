import type { ErrorKind, PlatformError } from '../../kernel/errors.ts';
import type { Log, LogFields } from './log.ts';
import type { RequestContext } from './request-context.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

const levelByKind: Readonly<Record<ErrorKind, Level>> = {
  invalid: 'info',
  unauthenticated: 'info',
  forbidden: 'info',
  'not-found': 'info',
  conflict: 'info',
  precondition: 'info',
  'payment-required': 'info',
  'too-large': 'info',
  'rate-limited': 'info',
  unprocessable: 'info',
  'upstream-failed': 'warn',
  'upstream-timeout': 'warn',
  unavailable: 'warn',
  canceled: 'debug',
  internal: 'error',
};

const causesMax = 5;
const causeCharsMax = 300;
const clientReferenceShape = /^[A-Za-z0-9._-]{1,64}$/;
/** Whatever looks like a token, a secret of ours or a password in a URL, should a cause ever quote one. */
const secretShapes = /eyJ[\w-]+\.[\w.-]+|cls_[\w-]+|\b(?:bearer|basic)\s+\S+|:\/\/[^\s/@]+@/gi;

/** What the log wants to know of a request, whatever protocol it came by. */
export interface LoggedRequest extends Pick<
  RequestContext,
  'requestId' | 'endpoint' | 'operation' | 'caller' | 'failure' | 'clientAddress'
> {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Writes the one line of a request that is over: always for a failure, for a success only at level debug. */
export function logRequest(
  log: Log,
  context: LoggedRequest,
  end: { readonly status: number; readonly durationMs: number },
): void {
  const { failure } = context;
  if (failure === null && end.status !== 500) {
    if (log.isLevelEnabled('debug')) log.debug(requestFields(context, end), 'request served');
    return;
  }
  const level = failure === null ? 'error' : levelByKind[failure.kind];
  log[level]({ ...requestFields(context, end), ...(failure === null ? {} : failureFields(failure)) }, 'request failed');
}

/** All that the log may know of a request. Header fields, bodies and query strings are not in it. */
function requestFields(
  context: LoggedRequest,
  end: { readonly status: number; readonly durationMs: number },
): LogFields {
  const reference = context.headers['x-request-id'];
  const isReference = typeof reference === 'string' && clientReferenceShape.test(reference);
  return {
    requestId: context.requestId,
    surface: context.endpoint.surface,
    operation: context.operation ?? context.endpoint.operation,
    status: end.status,
    durationMs: Math.round(end.durationMs * 100) / 100,
    clientAddress: context.clientAddress,
    ...(context.caller === null
      ? {}
      : { tenantId: context.caller.tenant.id, principalId: context.caller.principal.id }),
    ...(isReference ? { clientReference: reference } : {}),
  };
}

/** The code of a failure and the private chain of its causes. */
function failureFields(failure: PlatformError): LogFields {
  const causes = causesOf(failure);
  const place = failure.kind === 'internal' ? placeOf(failure.cause ?? failure) : undefined;
  return {
    code: failure.code,
    ...(causes.length === 0 ? {} : { causes }),
    ...(place === undefined ? {} : { place }),
  };
}

function causesOf(failure: PlatformError): string[] {
  const causes: string[] = [];
  let cause = failure.cause;
  while (cause !== undefined && cause !== null && causes.length < causesMax) {
    causes.push(describeCause(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

/** One cause for the log: bounded, and without whatever looks like a secret. */
export function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return `a thrown ${typeof cause}`;
  const code = 'code' in cause && typeof cause.code === 'string' ? ` ${cause.code}` : '';
  return `${cause.name}${code}: ${cause.message}`.replace(secretShapes, '…').slice(0, causeCharsMax);
}

/** File and line of ours where it happened, without the path of the machine. */
function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /([\w.-]+\.ts:\d+):\d+\)?$/m.exec(error.stack ?? '')?.[1];
}
