import { encodeJsonRpcError } from '@colloquy/protocol/jsonrpc';
import type { JsonRpcId } from '@colloquy/protocol/jsonrpc';
import { errorTable } from '@colloquy/protocol/errors';
import type { A2aErrorName, WireError } from '@colloquy/protocol/errors';
import type { ErrorCode } from '../../kernel/error-catalog.ts';
import type { ErrorKind, PlatformError } from '../../kernel/errors.ts';
import { errorHeaders } from '../http/index.ts';
import { ProtocolRefusal } from './protocol-refusal.ts';
import type { RestForm, RpcForm } from './wire-form.ts';

/** An error as one binding answers it. */
export interface RenderedError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text: a JSON-RPC answer, or a REST error body. Also the data of a stream's last event. */
  readonly body: string;
}

/** The domain of our reasons, which are the codes of the catalogue. */
const ourErrorDomain = 'colloquy';

const nameByKind: Readonly<Record<ErrorKind, A2aErrorName>> = {
  invalid: 'InvalidParamsError',
  unauthenticated: 'UnauthenticatedError',
  forbidden: 'PermissionDeniedError',
  'not-found': 'NotFoundError',
  conflict: 'ConflictError',
  precondition: 'FailedPreconditionError',
  'payment-required': 'PaymentRequiredError',
  'too-large': 'ContentTooLargeError',
  'rate-limited': 'RateLimitedError',
  unprocessable: 'InvalidParamsError',
  'upstream-failed': 'UpstreamFailedError',
  'upstream-timeout': 'UpstreamTimeoutError',
  unavailable: 'UnavailableError',
  canceled: 'CanceledError',
  internal: 'InternalError',
};

/** Codes for which A2A has an error of its own. An unknown agent is none: A2A has no word for it. */
const nameByCode: ReadonlyMap<ErrorCode, A2aErrorName> = new Map<ErrorCode, A2aErrorName>([
  ['task.unknown', 'TaskNotFoundError'],
  // An unknown config of a known task as well (section 3.1.8).
  ['push.config-unknown', 'TaskNotFoundError'],
  ['task.not-cancelable', 'TaskNotCancelableError'],
  ['task.push-unsupported', 'PushNotificationNotSupportedError'],
  ['task.ended', 'UnsupportedOperationError'],
  ['task.busy', 'UnsupportedOperationError'],
  ['task.media-type-unsupported', 'ContentTypeNotSupportedError'],
  ['task.extension-required', 'ExtensionSupportRequiredError'],
  ['request.unsupported-media-type', 'ContentTypeNotSupportedError'],
  ['request.unknown-address', 'MethodNotFoundError'],
  ['upstream.invalid-answer', 'InvalidAgentResponseError'],
]);

/** What a JSON-RPC error answers. */
export interface AnsweredCall {
  /** Null when the request's could not be read. */
  readonly id: JsonRpcId;
  readonly requestId: string;
}

/** The JSON-RPC answer to a failed request (A2A 1.0 section 9.5). */
export function renderJsonRpcError(
  error: PlatformError,
  { id, requestId }: AnsweredCall,
  form: RpcForm,
): RenderedError {
  const wire = wireErrorOf(error, requestId);
  return {
    status: errorTable[wire.name].jsonRpcHttpStatus,
    headers: errorHeaders(error),
    body: encodeJsonRpcError(id, form.errorBody(wire)),
  };
}

/** The REST answer to a failed request (A2A 1.0 section 11.6). */
export function renderRestError(error: PlatformError, requestId: string, form: RestForm): RenderedError {
  const wire = wireErrorOf(error, requestId);
  return {
    status: errorTable[wire.name].httpStatus,
    headers: errorHeaders(error),
    body: JSON.stringify(form.errorBody(wire)),
  };
}

/** What a caller is told about a failure, before it takes the form of a binding. */
export function wireErrorOf(error: PlatformError, requestId: string): WireError {
  const { code, kind, message, details, violations, retry } = error;
  const name = error instanceof ProtocolRefusal ? error.errorName : (nameByCode.get(code) ?? nameByKind[kind]);
  return {
    name,
    message,
    ...(Object.keys(details).length === 0 ? {} : { metadata: details }),
    ...(violations.length === 0 ? {} : { violations }),
    ...(retry.kind === 'after' ? { retryAfterMs: retry.retryAfterMs } : {}),
    info: { reason: code, domain: ourErrorDomain, metadata: { requestId, ...details } },
  };
}
