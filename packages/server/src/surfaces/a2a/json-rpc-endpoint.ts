import { decodeJsonRpcRequest, encodeJsonRpcResult } from '@colloquy/protocol/jsonrpc';
import type { JsonRpcId } from '@colloquy/protocol/jsonrpc';
import { decodeOperation, isTaskOperation, operationOfMethod } from '@colloquy/protocol/v1';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { renderJsonRpcError } from './a2a-error-renderer.ts';
import { assertVersion, decoded, headerOptions, readBody, requestDecodeLimits, targetOf } from './a2a-request.ts';
import { sendError, sendJson, sendStream } from './binding.ts';
import type { AnswerForm } from './binding.ts';
import { callerOfRequest } from './authenticated.ts';
import type { EventStreams } from './event-streams.ts';
import { ProtocolRefusal } from './protocol-refusal.ts';
import { assertAddress, refuseOptional, runOperation } from './run-operation.ts';
import type { OperationPorts, Outcome } from './run-operation.ts';

const contentType = 'application/json';

/** How JSON-RPC answers the request with this id (A2A 1.0 section 9). */
export function jsonRpcForm(id: JsonRpcId): AnswerForm {
  return {
    contentType,
    frame: (json) => encodeJsonRpcResult(id, json),
    renderError: (error, requestId) => renderJsonRpcError(error, id, requestId),
  };
}

/** Serves one JSON-RPC call. Never rejects. */
export function jsonRpcEndpoint(ports: OperationPorts, streams: EventStreams) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    let id: JsonRpcId = null;
    try {
      const envelope = decodeJsonRpcRequest(readBody(request));
      id = envelope.id;
      if (envelope.kind === 'refusal') throw new ProtocolRefusal(envelope.error, { message: envelope.message });
      const outcome = await perform(ports, request, envelope);
      if (outcome.kind === 'answer') sendJson(reply, contentType, encodeJsonRpcResult(id, outcome.json));
      else await sendStream(streams, { request, reply }, jsonRpcForm(id), outcome.stream);
    } catch (error) {
      sendError(request, reply, jsonRpcForm(id), error);
    }
  };
}

function perform(
  ports: OperationPorts,
  request: FastifyRequest,
  { method, params }: { readonly method: string; readonly params: unknown },
): Promise<Outcome> {
  const { address, query } = targetOf(request);
  assertVersion(request, query);
  const operation = operationOfMethod(method);
  if (operation === undefined)
    throw new ProtocolRefusal('MethodNotFoundError', { message: 'There is no such method.' });
  request.visit.operation = operation;
  const caller = callerOfRequest(request);
  assertAddress(caller, address, operation);
  if (!isTaskOperation(operation)) return refuseOptional(ports, { caller, address }, operation);
  const call = decoded(() => decodeOperation(operation, params, requestDecodeLimits));
  return runOperation(ports, { caller, address }, call, headerOptions(request));
}
