/** Errors: one total table, their bodies on each binding, and reading those of other parties. */
export { a2aDefinedErrors, errorTable, jsonRpcDefinedErrors, transportErrors } from './error-table.ts';
export type { A2aDefinedErrorName, A2aErrorName, ErrorRow, GrpcStatus } from './error-table.ts';
export { a2aErrorDomain, errorDetails } from './error-details.ts';
export type { ErrorDetail, ErrorInfo, FieldViolation, WireError } from './error-details.ts';
export { jsonRpcErrorBody, restErrorBody } from './error-body.ts';
export type { JsonRpcErrorBody, RestErrorBody } from './error-body.ts';
export { DecodeError } from './decode-error.ts';
export { errorNameByGrpcCode, grpcStatusCodes } from './grpc-status.ts';
export { parseGrpcError, parseJsonRpcError, parseRestError } from './peer-error.ts';
export type { PeerError } from './peer-error.ts';
