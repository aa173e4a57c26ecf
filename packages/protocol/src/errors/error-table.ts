/** The nine errors that A2A 1.0 defines. Only these have an ErrorInfo reason in the A2A domain. */
export const a2aDefinedErrors = [
  'TaskNotFoundError',
  'TaskNotCancelableError',
  'PushNotificationNotSupportedError',
  'UnsupportedOperationError',
  'ContentTypeNotSupportedError',
  'InvalidAgentResponseError',
  'ExtendedAgentCardNotConfiguredError',
  'ExtensionSupportRequiredError',
  'VersionNotSupportedError',
] as const;

/** JSON-RPC 2.0's own errors, under the names A2A 1.0 section 9.5 uses. */
export const jsonRpcDefinedErrors = [
  'ParseError',
  'InvalidRequestError',
  'MethodNotFoundError',
  'InvalidParamsError',
  'InternalError',
] as const;

/** Refusals that A2A leaves to HTTP and gRPC. JSON-RPC gives them the implementation-defined code -32000. */
export const transportErrors = [
  'UnauthenticatedError',
  'PaymentRequiredError',
  'PermissionDeniedError',
  'NotFoundError',
  'MethodNotAllowedError',
  'ConflictError',
  'FailedPreconditionError',
  'ContentTooLargeError',
  'RateLimitedError',
  'CanceledError',
  'UpstreamFailedError',
  'UnavailableError',
  'UpstreamTimeoutError',
] as const;

/** One of the nine errors of A2A 1.0. */
export type A2aDefinedErrorName = (typeof a2aDefinedErrors)[number];

/** Every error a binding can render. */
export type A2aErrorName =
  A2aDefinedErrorName | (typeof jsonRpcDefinedErrors)[number] | (typeof transportErrors)[number];

/** gRPC status names in use; REST bodies carry them in `error.status`. */
export type GrpcStatus =
  | 'CANCELLED'
  | 'UNKNOWN'
  | 'INVALID_ARGUMENT'
  | 'DEADLINE_EXCEEDED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'UNAUTHENTICATED';

/** How one error looks on each binding. */
export interface ErrorRow {
  /** `error.code` of a JSON-RPC answer. */
  readonly jsonRpcCode: number;
  /** HTTP status of a REST answer, and `error.code` of its body. */
  readonly httpStatus: number;
  /** HTTP status of a JSON-RPC answer: 200, except where HTTP itself refuses (credentials, size, rate, readiness). */
  readonly jsonRpcHttpStatus: number;
  readonly grpcStatus: GrpcStatus;
  /** ErrorInfo reason in the domain `a2a-protocol.org`; only the nine A2A errors have one. */
  readonly reason: string | undefined;
}

/** The error table of A2A 1.0.1 section 5.4, completed with JSON-RPC 2.0 and the transport refusals. Total. */
export const errorTable: Readonly<Record<A2aErrorName, ErrorRow>> = {
  TaskNotFoundError: a2a(-32001, 404, 'NOT_FOUND', 'TASK_NOT_FOUND'),
  TaskNotCancelableError: a2a(-32002, 400, 'FAILED_PRECONDITION', 'TASK_NOT_CANCELABLE'),
  PushNotificationNotSupportedError: a2a(-32003, 400, 'FAILED_PRECONDITION', 'PUSH_NOTIFICATION_NOT_SUPPORTED'),
  UnsupportedOperationError: a2a(-32004, 400, 'FAILED_PRECONDITION', 'UNSUPPORTED_OPERATION'),
  ContentTypeNotSupportedError: a2a(-32005, 400, 'INVALID_ARGUMENT', 'CONTENT_TYPE_NOT_SUPPORTED'),
  InvalidAgentResponseError: a2a(-32006, 500, 'INTERNAL', 'INVALID_AGENT_RESPONSE'),
  ExtendedAgentCardNotConfiguredError: a2a(-32007, 400, 'FAILED_PRECONDITION', 'EXTENDED_AGENT_CARD_NOT_CONFIGURED'),
  ExtensionSupportRequiredError: a2a(-32008, 400, 'FAILED_PRECONDITION', 'EXTENSION_SUPPORT_REQUIRED'),
  VersionNotSupportedError: a2a(-32009, 400, 'FAILED_PRECONDITION', 'VERSION_NOT_SUPPORTED'),
  ParseError: a2a(-32700, 400, 'INVALID_ARGUMENT', undefined),
  InvalidRequestError: a2a(-32600, 400, 'INVALID_ARGUMENT', undefined),
  MethodNotFoundError: a2a(-32601, 404, 'UNIMPLEMENTED', undefined),
  InvalidParamsError: a2a(-32602, 400, 'INVALID_ARGUMENT', undefined),
  InternalError: a2a(-32603, 500, 'INTERNAL', undefined),
  UnauthenticatedError: transport(401, 'UNAUTHENTICATED', 401),
  PaymentRequiredError: transport(402, 'FAILED_PRECONDITION', 200),
  PermissionDeniedError: transport(403, 'PERMISSION_DENIED', 403),
  NotFoundError: transport(404, 'NOT_FOUND', 404),
  MethodNotAllowedError: transport(405, 'UNIMPLEMENTED', 405),
  ConflictError: transport(409, 'ALREADY_EXISTS', 200),
  FailedPreconditionError: transport(400, 'FAILED_PRECONDITION', 200),
  ContentTooLargeError: transport(413, 'RESOURCE_EXHAUSTED', 413),
  RateLimitedError: transport(429, 'RESOURCE_EXHAUSTED', 429),
  CanceledError: transport(499, 'CANCELLED', 200),
  UpstreamFailedError: transport(502, 'UNKNOWN', 200),
  UnavailableError: transport(503, 'UNAVAILABLE', 503),
  UpstreamTimeoutError: transport(504, 'DEADLINE_EXCEEDED', 200),
};

function a2a(jsonRpcCode: number, httpStatus: number, grpcStatus: GrpcStatus, reason: string | undefined): ErrorRow {
  return { jsonRpcCode, httpStatus, jsonRpcHttpStatus: 200, grpcStatus, reason };
}

function transport(httpStatus: number, grpcStatus: GrpcStatus, jsonRpcHttpStatus: number): ErrorRow {
  return { jsonRpcCode: -32000, httpStatus, jsonRpcHttpStatus, grpcStatus, reason: undefined };
}
