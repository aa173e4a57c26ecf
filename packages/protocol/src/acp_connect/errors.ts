import { isList, isRecord } from '../codec/index.ts';
import type { A2aErrorName, FieldViolation } from '../errors/index.ts';
import type { JsonObject } from '../model/index.ts';

/** The HTTP status of every error of this wire. */
export const acpConnectErrors = {
  INVALID_INPUT: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFIG_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  RATE_LIMIT_EXCEEDED: 429,
  EXECUTION_ERROR: 500,
  EXTERNAL_SERVICE_ERROR: 502,
  TIMEOUT: 504,
} as const;

/** The code of an error of this wire. */
export type AcpConnectErrorCode = keyof typeof acpConnectErrors;

/** The error of this wire for each of the model's; total. */
export const acpConnectErrorByName: Readonly<Record<A2aErrorName, AcpConnectErrorCode>> = {
  TaskNotFoundError: 'NOT_FOUND',
  TaskNotCancelableError: 'INVALID_INPUT',
  PushNotificationNotSupportedError: 'INVALID_INPUT',
  UnsupportedOperationError: 'INVALID_INPUT',
  ContentTypeNotSupportedError: 'INVALID_INPUT',
  InvalidAgentResponseError: 'EXTERNAL_SERVICE_ERROR',
  ExtendedAgentCardNotConfiguredError: 'NOT_FOUND',
  ExtensionSupportRequiredError: 'INVALID_INPUT',
  VersionNotSupportedError: 'INVALID_INPUT',
  ParseError: 'INVALID_INPUT',
  InvalidRequestError: 'INVALID_INPUT',
  MethodNotFoundError: 'NOT_FOUND',
  InvalidParamsError: 'INVALID_INPUT',
  InternalError: 'EXECUTION_ERROR',
  UnauthenticatedError: 'UNAUTHORIZED',
  PaymentRequiredError: 'FORBIDDEN',
  PermissionDeniedError: 'FORBIDDEN',
  NotFoundError: 'NOT_FOUND',
  MethodNotAllowedError: 'METHOD_NOT_ALLOWED',
  ConflictError: 'INVALID_INPUT',
  FailedPreconditionError: 'INVALID_INPUT',
  ContentTooLargeError: 'INVALID_INPUT',
  RateLimitedError: 'RATE_LIMIT_EXCEEDED',
  CanceledError: 'EXECUTION_ERROR',
  UpstreamFailedError: 'EXTERNAL_SERVICE_ERROR',
  UnavailableError: 'EXTERNAL_SERVICE_ERROR',
  UpstreamTimeoutError: 'TIMEOUT',
};

/** The body of an error answer as JSON text. */
export function encodeError(error: {
  readonly code: AcpConnectErrorCode;
  readonly message: string;
  readonly details?: JsonObject;
  readonly timestamp: string;
}): string {
  const { code, message, details = {}, timestamp } = error;
  return JSON.stringify({ error: { code, message, details, timestamp } });
}

/** The `details` of a body that breaks the rules. */
export function invalidInputDetails(violations: readonly FieldViolation[]): JsonObject {
  return { errors: violations.map(({ field, description }) => ({ field, message: description })) };
}

const messageCharsMax = 2_000;

/** The message in the body of an error answer, in any of the five shapes that servers send. Never throws. */
export function errorMessageOf(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  const { error, message, detail } = body;
  const nested = isRecord(error) ? error['message'] : undefined;
  const found = [nested, error, message, detail].find((text) => typeof text === 'string' && text !== '');
  const text = typeof found === 'string' ? found : joinedMessages(detail);
  return text?.slice(0, messageCharsMax).toWellFormed();
}

function joinedMessages(detail: unknown): string | undefined {
  if (!isList(detail)) return undefined;
  const messages = detail.map((item) => (isRecord(item) ? item['msg'] : undefined));
  const texts = messages.filter((text) => typeof text === 'string');
  return texts.length === 0 ? undefined : texts.join('; ');
}
