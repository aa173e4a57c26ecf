import { decodeJsonRpcRequest, encodeJsonRpcResult } from '@colloquy/protocol/jsonrpc';
import type { JsonRpcId } from '@colloquy/protocol/jsonrpc';
import { decodeOperation, isTaskOperation, operationOfMethod } from '@colloquy/protocol/v1';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { renderJsonRpcError } from './a2a-error-renderer.ts';
import { assertVersion, decoded, headerOptions, readBody, requestDecodeLimits, targetOf } from './a2a-request.ts';
import { sendError, sendOutcome } from './binding.ts';
import type { AnswerForm, OpenWork } from './binding.ts';
import { callerOfRequest } from './authenticated.ts';
import { ProtocolRefusal } from './protocol-refusal.ts';
import { admitted, refuseOptional, runOperation } from './run-operation.ts';
import type { OperationPorts, Outcome } from './run-operation.ts';

/** How JSON-RPC answers the request with this id (A2A 1.0 section 9). */
export function jsonRpcForm(id: JsonRpcId): AnswerForm {
  return {
    contentType: 'application/json',
    frame: (json) => encodeJsonRpcResult(id, json),
    renderError: (error, requestId) => renderJsonRpcError(error, id, requestId),
  };
}

/** Serves one JSON-RPC call. Never rejects. */
export function jsonRpcEndpoint(ports: OperationPorts, { calls, streams }: OpenWork) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    let form = jsonRpcForm(null);
    try {
      const envelope = decodeJsonRpcRequest(readBody(request));
      form = jsonRpcForm(envelope.id);
      if (envelope.kind === 'refusal') throw new ProtocolRefusal(envelope.error, { message: envelope.message });
      const outcome = await calls.waitFor(perform(ports, request, envelope));
      await sendOutcome(streams, { request, reply }, form, outcome);
    } catch (error) {
      sendError(request, reply, form, error);
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
  return admitted(ports, { caller, address, operation }, () => {
    if (!isTaskOperation(operation)) return refuseOptional(ports, { caller, address }, operation);
    const call = decoded(() => decodeOperation(operation, params, requestDecodeLimits));
    return runOperation(ports, { caller, address }, call, headerOptions(request));
  });
}
