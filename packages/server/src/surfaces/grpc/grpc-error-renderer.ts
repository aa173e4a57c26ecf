import { Metadata } from '@grpc/grpc-js';
import type { StatusObject } from '@grpc/grpc-js';
import { grpcError, statusDetailsTrailer } from '@colloquy/protocol/grpc';
import { extensionsHeader } from '@colloquy/protocol/v1';
import type { PlatformError } from '../../kernel/errors.ts';
import { wireErrorOf } from '../a2a/index.ts';
import type { GrpcRequestContext } from './grpc-request-context.ts';
import type { GrpcWire } from './grpc-wires.ts';

/** Trailers are header fields, and clients take 8 KiB of them: a caller who mends these sees the next ones. */
const violationsMax = 8;

type AnsweredRequest = Pick<GrpcRequestContext, 'requestId' | 'proofNonce' | 'headers'>;

/** The metadata that every answer begins with: its request, a nonce for the next proof, and the extensions that are active. */
export function answerMetadata(
  { requestId, proofNonce, headers }: AnsweredRequest,
  extensions: readonly string[] = [],
): Metadata {
  const metadata = new Metadata();
  metadata.set('x-request-id', requestId);
  if (proofNonce !== null) metadata.set('dpop-nonce', proofNonce);
  // In the field that the caller named them in: 0.3 has one of its own.
  const name = headers['a2a-extensions'] === undefined ? 'x-a2a-extensions' : extensionsHeader;
  if (extensions.length > 0) metadata.set(name, extensions.join(','));
  return metadata;
}

/** The status that ends a failed call (A2A 1.0 section 10.6), in the words of 1.0 until the call's version is known. */
export function renderGrpcError(
  error: PlatformError,
  context: AnsweredRequest,
  { errorOf }: Pick<GrpcWire, 'errorOf'> = { errorOf: grpcError },
): StatusObject {
  const wire = wireErrorOf(error, context.requestId);
  const violations = wire.violations?.slice(0, violationsMax);
  const { code, message, statusDetails } = errorOf(violations === undefined ? wire : { ...wire, violations });
  const metadata = answerMetadata(context);
  metadata.set(statusDetailsTrailer, Buffer.from(statusDetails));
  return { code, details: message, metadata };
}
