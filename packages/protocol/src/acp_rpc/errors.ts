import { parseJsonRpcError } from '../errors/index.ts';
import type { A2aErrorName, FieldViolation, PeerError } from '../errors/index.ts';
import type { JsonRpcId } from '../jsonrpc/index.ts';
import type { JsonObject } from '../model/index.ts';

/** How an error looks on this wire. */
export interface AcpRpcErrorRow {
  readonly code: number;
  /** The HTTP status that lets clients in the field see the code: they hide the body of most others. */
  readonly httpStatus: number;
  /** The HTTP status for callers that want HTTP's own words. */
  readonly mappedHttpStatus: number;
}

/** An error of this wire. */
export type AcpRpcErrorName =
  | 'ParseError'
  | 'InvalidRequest'
  | 'MethodNotFound'
  | 'InvalidParams'
  | 'InternalError'
  | 'TaskNotFound'
  | 'TaskAlreadyCompleted'
  | 'StreamNotFound'
  | 'StreamAlreadyClosed'
  | 'AgentNotAvailable'
  | 'PermissionDenied'
  | 'AuthenticationFailed'
  | 'InsufficientScope'
  | 'TokenExpired'
  | 'RateLimited';

/** Every error of this wire. */
export const acpRpcErrors: Readonly<Record<AcpRpcErrorName, AcpRpcErrorRow>> = {
  ParseError: row(-32700, 400, 400),
  InvalidRequest: row(-32600, 400, 400),
  MethodNotFound: row(-32601, 200, 400),
  InvalidParams: row(-32602, 200, 400),
  InternalError: row(-32603, 500, 500),
  TaskNotFound: row(-40001, 200, 404),
  TaskAlreadyCompleted: row(-40002, 200, 409),
  StreamNotFound: row(-40003, 200, 404),
  StreamAlreadyClosed: row(-40004, 200, 409),
  AgentNotAvailable: row(-40005, 200, 503),
  PermissionDenied: row(-40006, 403, 403),
  AuthenticationFailed: row(-40007, 401, 401),
  InsufficientScope: row(-40008, 403, 403),
  TokenExpired: row(-40009, 401, 401),
  RateLimited: row(-32003, 429, 429),
};

/** The error of this wire for each of the model's; total. Errors that A2A alone knows are internal ones. */
export const acpRpcErrorByName: Readonly<Record<A2aErrorName, AcpRpcErrorName>> = {
  TaskNotFoundError: 'TaskNotFound',
  TaskNotCancelableError: 'TaskAlreadyCompleted',
  PushNotificationNotSupportedError: 'AgentNotAvailable',
  UnsupportedOperationError: 'TaskAlreadyCompleted',
  ContentTypeNotSupportedError: 'InvalidParams',
  InvalidAgentResponseError: 'InternalError',
  ExtendedAgentCardNotConfiguredError: 'InternalError',
  ExtensionSupportRequiredError: 'InternalError',
  VersionNotSupportedError: 'InternalError',
  ParseError: 'ParseError',
  InvalidRequestError: 'InvalidRequest',
  MethodNotFoundError: 'MethodNotFound',
  InvalidParamsError: 'InvalidParams',
  InternalError: 'InternalError',
  UnauthenticatedError: 'AuthenticationFailed',
  PaymentRequiredError: 'PermissionDenied',
  PermissionDeniedError: 'PermissionDenied',
  NotFoundError: 'AgentNotAvailable',
  MethodNotAllowedError: 'InvalidRequest',
  ConflictError: 'InvalidParams',
  FailedPreconditionError: 'AgentNotAvailable',
  ContentTooLargeError: 'InvalidRequest',
  RateLimitedError: 'RateLimited',
  CanceledError: 'InternalError',
  UpstreamFailedError: 'AgentNotAvailable',
  UnavailableError: 'AgentNotAvailable',
  UpstreamTimeoutError: 'AgentNotAvailable',
};

/** The body of an error answer as JSON text. `data` names nothing of other callers and nothing of the inside. */
export function encodeError(
  id: JsonRpcId,
  error: { readonly name: AcpRpcErrorName; readonly message: string; readonly data?: JsonObject },
): string {
  const { name, message, data } = error;
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code: acpRpcErrors[name].code, message, data } });
}

/** The `data` of params that break the rules. */
export function invalidParamsData(violations: readonly FieldViolation[]): JsonObject {
  const [first] = violations;
  return {
    ...(first === undefined ? {} : { field: first.field, expected: first.description }),
    validationErrors: violations.map(({ field, description }) => ({ field, message: description })),
  };
}

const nameByCode: ReadonlyMap<number, A2aErrorName> = new Map<number, A2aErrorName>([
  [-32700, 'ParseError'],
  [-32600, 'InvalidRequestError'],
  [-32601, 'MethodNotFoundError'],
  [-32602, 'InvalidParamsError'],
  [-32603, 'InternalError'],
  [-40001, 'TaskNotFoundError'],
  [-40002, 'UnsupportedOperationError'],
  [-40003, 'TaskNotFoundError'],
  [-40004, 'UnsupportedOperationError'],
  [-40005, 'UnavailableError'],
  [-40006, 'PermissionDeniedError'],
  [-40007, 'UnauthenticatedError'],
  [-40008, 'PermissionDeniedError'],
  [-40009, 'UnauthenticatedError'],
  [-32003, 'RateLimitedError'],
]);

/** Reads the `error` member of an answer to a method. A task that has ended cannot be canceled. Never throws. */
export function parseAcpRpcError(error: unknown, method: string): PeerError {
  const peer = parseJsonRpcError(error);
  if (peer.code === undefined) return peer;
  if (peer.code === acpRpcErrors.TaskAlreadyCompleted.code && method === 'tasks.cancel') {
    return { ...peer, name: 'TaskNotCancelableError' };
  }
  return { ...peer, name: nameByCode.get(peer.code) ?? 'InternalError' };
}

function row(code: number, httpStatus: number, mappedHttpStatus: number): AcpRpcErrorRow {
  return { code, httpStatus, mappedHttpStatus };
}
