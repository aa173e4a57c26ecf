import type { A2aErrorName, GrpcStatus } from './error-table.ts';

/** The numbers of gRPC's statuses, as `grpc-status` carries them. Total over the statuses that we send. */
export const grpcStatusCodes: Readonly<Record<GrpcStatus, number>> = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
};

/**
 * Our name for each status that a peer can end a call with, where no ErrorInfo says more. Indexed by number; total over
 * gRPC's 17 statuses. OK is no error: a call that ends with it and without its answer broke the protocol.
 */
export const errorNameByGrpcCode: readonly A2aErrorName[] = [
  'InvalidAgentResponseError', // OK
  'CanceledError',
  'UpstreamFailedError', // UNKNOWN
  'InvalidParamsError',
  'UpstreamTimeoutError',
  'NotFoundError',
  'ConflictError',
  'PermissionDeniedError',
  'RateLimitedError', // RESOURCE_EXHAUSTED: also too large; both mean less or later
  'FailedPreconditionError',
  'ConflictError', // ABORTED
  'InvalidParamsError', // OUT_OF_RANGE
  'MethodNotFoundError', // UNIMPLEMENTED
  'InternalError',
  'UnavailableError',
  'InternalError', // DATA_LOSS
  'UnauthenticatedError',
];
