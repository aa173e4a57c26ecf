import { errorDetails } from './error-details.ts';
import type { ErrorDetail, WireError } from './error-details.ts';
import { errorTable } from './error-table.ts';
import type { GrpcStatus } from './error-table.ts';

/** The `error` member of a JSON-RPC answer (A2A 1.0 section 9.5). It has no other members. */
export interface JsonRpcErrorBody {
  readonly code: number;
  readonly message: string;
  readonly data?: readonly ErrorDetail[];
}

/** The body of a REST error answer (A2A 1.0 section 11.6, the JSON form of `google.rpc.Status`). */
export interface RestErrorBody {
  readonly error: {
    /** The HTTP status. */
    readonly code: number;
    readonly status: GrpcStatus;
    readonly message: string;
    readonly details?: readonly ErrorDetail[];
  };
}

/** Renders an error for JSON-RPC; the envelope around it is `encodeJsonRpcError`'s. */
export function jsonRpcErrorBody(error: WireError): JsonRpcErrorBody {
  const data = errorDetails(error);
  const { jsonRpcCode } = errorTable[error.name];
  return { code: jsonRpcCode, message: error.message, ...(data.length === 0 ? {} : { data }) };
}

/** Renders an error for HTTP+JSON. */
export function restErrorBody(error: WireError): RestErrorBody {
  const details = errorDetails(error);
  const { httpStatus, grpcStatus } = errorTable[error.name];
  return {
    error: {
      code: httpStatus,
      status: grpcStatus,
      message: error.message,
      ...(details.length === 0 ? {} : { details }),
    },
  };
}
