import { optionalOperations, taskOperations } from '@colloquy/protocol';
import type { Operation, OperationRequest } from '@colloquy/protocol';
import type { DecodeLimits } from '@colloquy/protocol/codec';
import type { WireError } from '@colloquy/protocol/errors';
import {
  decodeGrpcRequest,
  decodeGrpcRequestV03,
  encodeGrpcAnswer,
  encodeGrpcAnswerV03,
  grpcError,
  grpcErrorV03,
  grpcPath,
  grpcPathV03,
} from '@colloquy/protocol/grpc';
import type { GrpcError } from '@colloquy/protocol/grpc';
import { restV03, rpcV1 } from '../a2a/index.ts';
import type { ResultEncoder } from '../a2a/index.ts';

/** One version of A2A over gRPC, which is one service. */
export interface GrpcWire {
  /** `Major.Minor`, as callers name it in `a2a-version`. */
  readonly version: string;
  /** Whether a call that names no version is of this one. */
  readonly isImplied: boolean;
  /** Whether requests name the agent in their `tenant`. */
  readonly hasTenant: boolean;
  readonly calls: readonly GrpcMethod[];
  /** Writes results as the JSON of the same messages. */
  readonly results: ResultEncoder;
  readonly errorOf: (error: WireError) => GrpcError;
}

/** One rpc of a service. */
export interface GrpcMethod {
  readonly operation: Operation;
  readonly path: string;
  /** Throws `DecodeError`, whatever the bytes. */
  readonly decode: (bytes: Uint8Array, limits: DecodeLimits) => OperationRequest;
  /** An answer, or one message of a stream, from its JSON as text or as a value. */
  readonly encode: (json: string | object) => Uint8Array;
}

const operations: readonly Operation[] = [...taskOperations, ...optionalOperations];

const grpcV1: GrpcWire = {
  version: rpcV1.version,
  isImplied: false,
  hasTenant: true,
  calls: operations.map((operation) => ({
    operation,
    path: grpcPath(operation),
    decode: (bytes, limits) => decodeGrpcRequest(operation, bytes, limits),
    encode: (json) => encodeGrpcAnswer(operation, json),
  })),
  results: rpcV1.results,
  errorOf: grpcError,
};

/** HTTP+JSON of 0.3 is the JSON of these messages. */
const grpcV03: GrpcWire = {
  version: restV03.version,
  isImplied: true,
  hasTenant: false,
  calls: operations
    .filter((operation) => operation !== 'ListTasks')
    .map((operation) => ({
      operation,
      path: grpcPathV03(operation),
      decode: (bytes, limits) => decodeGrpcRequestV03(operation, bytes, limits),
      encode: (json) => encodeGrpcAnswerV03(operation, json),
    })),
  results: restV03.results,
  errorOf: grpcErrorV03,
};

/** Every version that is served over gRPC. A version is added here. */
export const grpcWires: readonly GrpcWire[] = [grpcV1, grpcV03];
