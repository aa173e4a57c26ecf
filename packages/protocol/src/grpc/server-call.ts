import type { Operation, OperationRequest } from '../model/index.ts';
import { decodeOperation } from '../v1/index.ts';
import type { DecodeLimits } from '../v1/index.ts';
import { callShapes } from './calls.ts';
import { readMessage } from './read-message.ts';
import { writeMessage } from './write-message.ts';

/**
 * Decodes the request message of any operation. The rules are those of the JSON bindings, since ProtoJSON is the same
 * message in other bytes. Throws {@link DecodeError}, whatever the bytes.
 */
export function decodeGrpcRequest(operation: Operation, bytes: Uint8Array, limits: DecodeLimits): OperationRequest {
  return decodeOperation(operation, readMessage(callShapes[operation].request, bytes, limits), limits);
}

/** The answer message of an operation, or one of its stream, from its JSON form as text or as a value; no JSON is the empty message. */
export function encodeGrpcAnswer(operation: Operation, json: string | object): Uint8Array {
  const { answer } = callShapes[operation];
  const value: unknown = answer === 'Empty' ? {} : typeof json === 'string' ? JSON.parse(json) : json;
  return writeMessage(answer, value);
}
