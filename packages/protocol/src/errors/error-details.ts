import { errorTable } from './error-table.ts';
import type { A2aErrorName } from './error-table.ts';

/** The domain of the nine A2A reasons (A2A 1.0 section 5.4). No other reason may be put under it. */
export const a2aErrorDomain = 'a2a-protocol.org';

/** One rule a request broke: where, as a path such as `message.parts[0].url`, and what would be right. */
export interface FieldViolation {
  /** Empty for the request as a whole. */
  readonly field: string;
  readonly description: string;
}

/** `google.rpc.ErrorInfo` without its type: a machine-readable cause in its owner's domain. */
export interface ErrorInfo {
  readonly reason: string;
  readonly domain: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What a caller is told about a refusal, before it takes the form of a binding. Every text must be safe to show. */
export interface WireError {
  readonly name: A2aErrorName;
  readonly message: string;
  /** Facts for the A2A ErrorInfo, such as `taskId`; only used with the nine A2A errors. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Rendered as `google.rpc.BadRequest`. */
  readonly violations?: readonly FieldViolation[];
  /** A second cause in the platform's own domain. */
  readonly info?: ErrorInfo;
  /** Rendered as `google.rpc.RetryInfo`. */
  readonly retryAfterMs?: number;
}

/** One entry of `error.data` (JSON-RPC) or `error.details` (REST), in ProtoJSON `Any` form. */
export type ErrorDetail =
  | ({ readonly '@type': 'type.googleapis.com/google.rpc.ErrorInfo' } & ErrorInfo)
  | {
      readonly '@type': 'type.googleapis.com/google.rpc.BadRequest';
      readonly fieldViolations: readonly FieldViolation[];
    }
  | { readonly '@type': 'type.googleapis.com/google.rpc.RetryInfo'; readonly retryDelay: string };

/** The details of an error, the A2A ErrorInfo first, because peers read the first one. */
export function errorDetails(error: WireError): readonly ErrorDetail[] {
  const details: ErrorDetail[] = [];
  const { reason } = errorTable[error.name];
  if (reason !== undefined) details.push(errorInfo({ reason, domain: a2aErrorDomain, ...metadataOf(error) }));
  if (error.info !== undefined) details.push(errorInfo(error.info));
  if (error.violations !== undefined && error.violations.length > 0) {
    details.push({ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: error.violations });
  }
  if (error.retryAfterMs !== undefined) {
    const retryDelay = `${(Math.max(0, Math.ceil(error.retryAfterMs)) / 1000).toFixed(3)}s`;
    details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay });
  }
  return details;
}

function metadataOf(error: WireError): Pick<ErrorInfo, 'metadata'> {
  return error.metadata === undefined ? {} : { metadata: error.metadata };
}

function errorInfo(info: ErrorInfo): ErrorDetail {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', ...info };
}
