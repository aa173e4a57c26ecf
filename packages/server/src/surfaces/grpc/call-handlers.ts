import type { sendUnaryData, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { isStreaming, optionalOperations, taskOperations } from '@colloquy/protocol';
import type { Operation } from '@colloquy/protocol';
import { encodeGrpcAnswer } from '@colloquy/protocol/grpc';
import { PlatformError } from '../../kernel/errors.ts';
import type { EventStreams, OpenCalls, OperationPorts } from '../a2a/index.ts';
import { asRequestError } from '../http/index.ts';
import type { Admission } from './admission.ts';
import { GrpcStream } from './grpc-stream.ts';
import { answerMetadata, renderGrpcError } from './grpc-error-renderer.ts';
import type { OpenGrpcRequests } from './open-grpc-requests.ts';
import { performCall } from './perform-call.ts';

type UnaryCall = ServerUnaryCall<Buffer, Buffer>;
type StreamCall = ServerWritableStream<Buffer, Buffer>;

/** What the handlers of all operations share. */
export interface HandlerPorts {
  readonly operations: OperationPorts;
  readonly admission: Admission;
  readonly openRequests: OpenGrpcRequests;
  readonly calls: OpenCalls;
  readonly streams: EventStreams;
}

/** A handler for each operation, by its name. */
export function callHandlers(
  ports: HandlerPorts,
): Record<string, ReturnType<typeof unary> | ReturnType<typeof streaming>> {
  const operations: readonly Operation[] = [...taskOperations, ...optionalOperations];
  return Object.fromEntries(
    operations.map((operation) => [
      operation,
      isStreaming(operation) ? streaming(ports, operation) : unary(ports, operation),
    ]),
  );
}

function unary(ports: HandlerPorts, operation: Operation) {
  return (call: UnaryCall, done: sendUnaryData<Buffer>): void => void answerOnce(ports, operation, call, done);
}

function streaming(ports: HandlerPorts, operation: Operation) {
  return (call: StreamCall): void => void answerStream(ports, operation, call);
}

/** Never rejects. */
async function answerOnce(
  { operations, admission, calls }: HandlerPorts,
  operation: Operation,
  call: UnaryCall,
  done: sendUnaryData<Buffer>,
): Promise<void> {
  const context = admission.contextOf(call.metadata);
  try {
    const asked = { operation, context, message: call.request, authority: call.getHost() };
    const outcome = await calls.waitFor(performCall(operations, asked));
    if (outcome.kind === 'stream') throw new PlatformError('internal.unexpected');
    const bytes = encodeGrpcAnswer(operation, outcome.json);
    call.sendMetadata(answerMetadata(context));
    done(null, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (thrown) {
    const error = asRequestError(thrown);
    context.fail(error);
    done(renderGrpcError(error, context));
  }
}

/** Never rejects. A failure after the beginning is the status that ends the stream. */
async function answerStream(
  { operations, admission, openRequests, calls, streams }: HandlerPorts,
  operation: Operation,
  call: StreamCall,
): Promise<void> {
  const context = admission.contextOf(call.metadata);
  const fail = (thrown: unknown): void => {
    const error = asRequestError(thrown);
    context.fail(error);
    call.emit('error', renderGrpcError(error, context));
  };
  try {
    const asked = { operation, context, message: call.request, authority: call.getHost() };
    const outcome = await calls.waitFor(performCall(operations, asked));
    if (outcome.kind === 'answer') throw new PlatformError('internal.unexpected');
    openRequests.becomeStream(context);
    const { stream: events, event: frame, extensions } = outcome;
    call.sendMetadata(answerMetadata(context, extensions));
    const encode = (json: string): Uint8Array => encodeGrpcAnswer(operation, frame(json));
    await streams.keep((nowMs) => new GrpcStream({ call, events, encode, fail, context }, nowMs));
  } catch (thrown) {
    fail(thrown);
  }
}
