import { a2aErrorDomain } from './error-details.ts';
import { a2aDefinedErrors, errorTable, jsonRpcDefinedErrors } from './error-table.ts';
import type { A2aErrorName } from './error-table.ts';
import { errorNameByGrpcCode } from './grpc-status.ts';

/** An error another party answered with. Nothing in it is trusted: texts are bounded, well-formed and not for logs as markup. */
export interface PeerError {
  /** Our name for it: by reason first, then by code or status. `InvalidAgentResponseError` when it cannot be read. */
  readonly name: A2aErrorName;
  readonly message: string;
  /** The first ErrorInfo reason, of whatever domain. */
  readonly reason?: string;
  /** The number as sent: a JSON-RPC code, an HTTP status or a gRPC status. */
  readonly code?: number;
}

const messageCharsMax = 2_000;
const reasonCharsMax = 128;
const detailsMax = 32;

const byReason: ReadonlyMap<string, A2aErrorName> = new Map(
  a2aDefinedErrors.map((name) => [errorTable[name].reason ?? '', name]),
);
const byJsonRpcCode: ReadonlyMap<number, A2aErrorName> = new Map(
  [...a2aDefinedErrors, ...jsonRpcDefinedErrors].map((name) => [errorTable[name].jsonRpcCode, name]),
);
const byHttpStatus: ReadonlyMap<number, A2aErrorName> = new Map<number, A2aErrorName>([
  [400, 'InvalidParamsError'],
  [401, 'UnauthenticatedError'],
  [402, 'PaymentRequiredError'],
  [403, 'PermissionDeniedError'],
  [404, 'NotFoundError'],
  [405, 'MethodNotAllowedError'],
  // A2A 1.0.0 peers use 409 and 415 where 1.0.1 has 400.
  [409, 'TaskNotCancelableError'],
  [413, 'ContentTooLargeError'],
  [415, 'ContentTypeNotSupportedError'],
  [429, 'RateLimitedError'],
  [500, 'InternalError'],
  [501, 'UnsupportedOperationError'],
  [502, 'InvalidAgentResponseError'],
  [503, 'UnavailableError'],
  [504, 'UpstreamTimeoutError'],
]);

/** Reads the `error` member of a JSON-RPC answer. Never throws, whatever the value. */
export function parseJsonRpcError(error: unknown): PeerError {
  if (!isRecord(error) || typeof error['code'] !== 'number') return unreadable();
  const code = error['code'];
  const info = firstErrorInfo(error['data']);
  return peerError(nameByInfo(info) ?? byJsonRpcCode.get(code) ?? 'InternalError', error['message'], { code, info });
}

/** Reads the body of a REST error answer; `httpStatus` decides where the body says nothing. Never throws. */
export function parseRestError(body: unknown, httpStatus: number): PeerError {
  const byStatus = byHttpStatus.get(httpStatus) ?? (httpStatus >= 500 ? 'InternalError' : 'InvalidParamsError');
  const error = isRecord(body) ? body['error'] : undefined;
  if (!isRecord(error)) return peerError(byStatus, undefined, { code: httpStatus, info: undefined });
  const info = firstErrorInfo(error['details']);
  return peerError(nameByInfo(info) ?? byStatus, error['message'], { code: httpStatus, info });
}

/** Reads the status that ended a gRPC call; `details` are its unpacked details, ErrorInfo among them. Never throws. */
export function parseGrpcError(status: {
  readonly code: number;
  readonly message: string;
  readonly details: readonly unknown[];
}): PeerError {
  const { code, message, details } = status;
  const info = firstErrorInfo(details);
  return peerError(nameByInfo(info) ?? errorNameByGrpcCode[code] ?? 'InternalError', message, { code, info });
}

interface PeerInfo {
  readonly reason: string;
  readonly domain: unknown;
}

function peerError(
  name: A2aErrorName,
  message: unknown,
  facts: { readonly code: number; readonly info: PeerInfo | undefined },
): PeerError {
  return {
    name,
    message: typeof message === 'string' ? bounded(message, messageCharsMax) : '',
    ...(facts.info === undefined ? {} : { reason: bounded(facts.info.reason, reasonCharsMax) }),
    ...(Number.isSafeInteger(facts.code) ? { code: facts.code } : {}),
  };
}

function unreadable(): PeerError {
  return { name: 'InvalidAgentResponseError', message: 'the error object cannot be read' };
}

function nameByInfo(info: PeerInfo | undefined): A2aErrorName | undefined {
  return info?.domain === a2aErrorDomain ? byReason.get(info.reason) : undefined;
}

function firstErrorInfo(details: unknown): PeerInfo | undefined {
  if (!Array.isArray(details)) return undefined;
  for (let index = 0; index < details.length && index < detailsMax; index += 1) {
    const detail: unknown = details[index];
    if (isRecord(detail) && typeof detail['reason'] === 'string') {
      return { reason: detail['reason'], domain: detail['domain'] };
    }
  }
  return undefined;
}

/** Cutting may split a surrogate pair, and peers may send NUL: neither may reach a store. */
function bounded(text: string, charsMax: number): string {
  return text.slice(0, charsMax).toWellFormed().replaceAll('\0', '\uFFFD');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
