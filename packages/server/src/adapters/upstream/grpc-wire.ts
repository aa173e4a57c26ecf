import type { ClientOutcome, ReadOptions, UnaryResults } from '@colloquy/protocol/codec';
import type { PeerError } from '@colloquy/protocol/errors';
import {
  decodeGrpcAnswer,
  decodeGrpcStreamItem,
  encodeGrpcCall,
  grpcPath,
  parseGrpcStatus,
  statusDetailsTrailer,
} from '@colloquy/protocol/grpc';
import { PlatformError } from '../../kernel/errors.ts';
import type { AnswerHeaders } from './answer-frames.ts';
import { framed, GrpcFrames } from './grpc-frames.ts';
import type { AgentAnswer, AgentUnary, HttpWire } from './http-wire.ts';
import { agentRefusal, invalidAnswer } from './upstream-faults.ts';

const contentType = 'application/grpc';

/** A2A 1.0 over gRPC (section 10). An answer's status comes after it, or alone and then among the first fields. */
export const grpcWireV1: HttpWire = {
  bodyType: `${contentType}+proto`,
  headers: ['te', 'trailers', 'a2a-version', '1.0'],
  extensionsHeader: 'a2a-extensions',
  isHttp2: true,
  encode: (_id, asked) => ({ method: 'POST', suffix: grpcPath(asked.operation), body: framed(encodeGrpcCall(asked)) }),
  decodeAnswer: decodeWhole,
  framesOf(headers, read, eventBytesMax) {
    assertGrpc(headers);
    const frames = new GrpcFrames(eventBytesMax);
    return {
      *push(chunk) {
        for (const message of frames.push(chunk)) yield decodeGrpcStreamItem(message, read.limits);
      },
      end(trailers) {
        const refusal = refusalOf(headers, trailers);
        if (refusal !== null) throw agentRefusal(refusal);
        frames.end();
        return [];
      },
    };
  },
  decodeRefusal: () => null,
};

function decodeWhole<K extends AgentUnary>(
  operation: K,
  { headers, body, trailers }: AgentAnswer,
  read: ReadOptions,
): ClientOutcome<UnaryResults[K]> {
  assertGrpc(headers);
  const error = refusalOf(headers, trailers);
  if (error !== null) return { kind: 'agent-error', error };
  const frames = new GrpcFrames(body.length);
  const [message, second] = frames.push(body);
  if (message === undefined || second !== undefined) throw invalidAnswer('the answer is not one message');
  frames.end();
  return decodeGrpcAnswer(operation, message, read.limits);
}

function assertGrpc(headers: AnswerHeaders): void {
  const type = headers['content-type'];
  if (typeof type !== 'string' || !type.startsWith(contentType)) throw invalidAnswer('the answer is no gRPC');
}

/** Null when the call ended well. An end without a status is none: the call was broken off, or something between us cut it. */
function refusalOf(headers: AnswerHeaders, trailers: AnswerHeaders): PeerError | null {
  const fields = trailers['grpc-status'] === undefined ? headers : trailers;
  const status = fields['grpc-status'];
  if (status === undefined) throw new PlatformError('upstream.outcome-unknown');
  if (typeof status !== 'string' || !/^\d{1,4}$/.test(status))
    throw invalidAnswer('the answer ends with a status that is none');
  if (status === '0') return null;
  const details = fields[statusDetailsTrailer];
  return parseGrpcStatus({
    code: Number(status),
    message: '',
    // RFC 4648 base64, with or without padding; Buffer takes both.
    ...(typeof details === 'string' ? { statusDetails: Buffer.from(details, 'base64') } : {}),
  });
}
