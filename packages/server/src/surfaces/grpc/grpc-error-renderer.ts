import { Metadata } from '@grpc/grpc-js';
import type { StatusObject } from '@grpc/grpc-js';
import { grpcError, statusDetailsTrailer } from '@colloquy/protocol/grpc';
import { extensionsHeader } from '@colloquy/protocol/v1';
import type { PlatformError } from '../../kernel/errors.ts';
import { wireErrorOf } from '../a2a/index.ts';
import type { GrpcRequestContext } from './grpc-request-context.ts';

/** Trailers are header fields, and clients take 8 KiB of them: a caller who mends these sees the next ones. */
const violationsMax = 8;

type AnsweredRequest = Pick<GrpcRequestContext, 'requestId' | 'proofNonce'>;

/** The metadata that every answer begins with: its request, a nonce for the next proof, and the extensions that are active. */
export function answerMetadata(
  { requestId, proofNonce }: AnsweredRequest,
  extensions: readonly string[] = [],
): Metadata {
  const metadata = new Metadata();
  metadata.set('x-request-id', requestId);
  if (proofNonce !== null) metadata.set('dpop-nonce', proofNonce);
  if (extensions.length > 0) metadata.set(extensionsHeader, extensions.join(','));
  return metadata;
}

/** The status that ends a failed call (A2A 1.0 section 10.6). */
export function renderGrpcError(error: PlatformError, context: AnsweredRequest): StatusObject {
  const wire = wireErrorOf(error, context.requestId);
  const violations = wire.violations?.slice(0, violationsMax);
  const { code, message, statusDetails } = grpcError(violations === undefined ? wire : { ...wire, violations });
  const metadata = answerMetadata(context);
  metadata.set(statusDetailsTrailer, Buffer.from(statusDetails));
  return { code, details: message, metadata };
}
