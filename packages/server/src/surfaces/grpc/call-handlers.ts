import type { sendUnaryData, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { isStreaming } from '@colloquy/protocol';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { EventStreams, OpenCalls, OperationPorts } from '../a2a/index.ts';
import { asRequestError } from '../http/index.ts';
import type { Admission } from './admission.ts';
import { GrpcStream } from './grpc-stream.ts';
import { answerMetadata, renderGrpcError } from './grpc-error-renderer.ts';
import type { GrpcMethod, GrpcWire } from './grpc-wires.ts';
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

/** A handler for each method of a version, by its operation. */
export function callHandlers(
  ports: HandlerPorts,
  wire: GrpcWire,
): Record<string, ReturnType<typeof unary> | ReturnType<typeof streaming>> {
  return Object.fromEntries(
    wire.calls.map((method) => {
      const served = { ...method, wire };
      return [method.operation, isStreaming(method.operation) ? streaming(ports, served) : unary(ports, served)];
    }),
  );
}

/** A method with its version. */
type ServedMethod = GrpcMethod & { readonly wire: GrpcWire };

function unary(ports: HandlerPorts, method: ServedMethod) {
  return (call: UnaryCall, done: sendUnaryData<Buffer>): void => void answerOnce(ports, method, call, done);
}

function streaming(ports: HandlerPorts, method: ServedMethod) {
  return (call: StreamCall): void => void answerStream(ports, method, call);
}

/** Never rejects. */
async function answerOnce(
  { operations, admission, calls }: HandlerPorts,
  method: ServedMethod,
  call: UnaryCall,
  done: sendUnaryData<Buffer>,
): Promise<void> {
  const context = admission.contextOf(call.metadata);
  try {
    const asked = { ...method, context, message: call.request, authority: call.getHost() };
    const outcome = await calls.waitFor(performCall(operations, asked));
    if (outcome.kind === 'stream') throw new PlatformError('internal.unexpected');
    const { held } = context.caller ?? {};
    const { json } = outcome;
    const bytes =
      typeof json === 'string' || held === undefined ? method.encode(json) : await held.work(() => method.encode(json));
    held?.set(bytes.length);
    held?.stall(limits.heldAnswerStallMs, context.reset);
    call.sendMetadata(answerMetadata(context, outcome.extensions));
    done(null, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (thrown) {
    const error = asRequestError(thrown);
    context.fail(error);
    done(renderGrpcError(error, context, method.wire));
  }
}

/** Never rejects. A failure after the beginning is the status that ends the stream. */
async function answerStream(
  { operations, admission, openRequests, calls, streams }: HandlerPorts,
  method: ServedMethod,
  call: StreamCall,
): Promise<void> {
  const context = admission.contextOf(call.metadata);
  const fail = (thrown: unknown): void => {
    const error = asRequestError(thrown);
    context.fail(error);
    call.emit('error', renderGrpcError(error, context, method.wire));
  };
  try {
    const asked = { ...method, context, message: call.request, authority: call.getHost() };
    const outcome = await calls.waitFor(performCall(operations, asked));
    if (outcome.kind === 'answer') throw new PlatformError('internal.unexpected');
    openRequests.becomeStream(context);
    const { stream: events, event: frame, extensions } = outcome;
    call.sendMetadata(answerMetadata(context, extensions));
    const encode = (json: string): Uint8Array => method.encode(frame(json));
    await streams.keep((nowMs) => new GrpcStream({ call, events, encode, fail, context }, nowMs));
  } catch (thrown) {
    fail(thrown);
  }
}
