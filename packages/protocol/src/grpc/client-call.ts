import { DecodeError } from '../errors/index.ts';
import type { StreamResponse, TaskOperationRequest } from '../model/index.ts';
import {
  decodeListTasksResponse,
  decodeSendMessageResponse,
  decodeStreamResponse,
  decodeTask,
  encodeRequest,
} from '../v1/index.ts';
import type { ClientOutcome, DecodeLimits, UnaryOperation, UnaryResults } from '../v1/index.ts';
import { callShapes } from './calls.ts';
import { readMessage } from './read-message.ts';
import { writeMessage } from './write-message.ts';

/** The request message of a call. `request.routingTag` goes out as `tenant`. */
export function encodeGrpcCall({ operation, request }: TaskOperationRequest): Uint8Array {
  const json: unknown = JSON.parse(encodeRequest(request));
  return writeMessage(callShapes[operation].request, json);
}

const unaryDecoders: { readonly [K in UnaryOperation]: (value: unknown, limits: DecodeLimits) => UnaryResults[K] } = {
  SendMessage: decodeSendMessageResponse,
  GetTask: decodeTask,
  ListTasks: decodeListTasksResponse,
  CancelTask: decodeTask,
};

/** Reads the message that answers {@link encodeGrpcCall}. Never throws, whatever the bytes. */
export function decodeGrpcAnswer<K extends UnaryOperation>(
  operation: K,
  bytes: Uint8Array,
  limits: DecodeLimits,
): ClientOutcome<UnaryResults[K]> {
  const decode: (value: unknown, limits: DecodeLimits) => UnaryResults[K] = unaryDecoders[operation];
  return outcomeOf(() => decode(readMessage(callShapes[operation].answer, bytes, limits), limits));
}

/** Reads one message of a stream. Never throws, whatever the bytes. */
export function decodeGrpcStreamItem(bytes: Uint8Array, limits: DecodeLimits): ClientOutcome<StreamResponse> {
  return outcomeOf(() => decodeStreamResponse(readMessage('StreamResponse', bytes, limits), limits));
}

function outcomeOf<T>(decode: () => T): ClientOutcome<T> {
  try {
    return { kind: 'value', value: decode() };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: 'invalid', message: 'the answer breaks the protocol', violations: error.violations };
  }
}
