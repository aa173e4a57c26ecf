import { isStreaming } from '@colloquy/protocol';
import { decodeJsonRpcRequest, encodeJsonRpcResult } from '@colloquy/protocol/jsonrpc';
import type { JsonRpcId, JsonRpcRefusal } from '@colloquy/protocol/jsonrpc';
import { eventStreamType } from '@colloquy/protocol/v1';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentAddress } from '../../modules/gateway/index.ts';
import { renderJsonRpcError } from './a2a-error-renderer.ts';
import { decoded, headerOptions, readBody, requestDecodeLimits, targetOf } from './a2a-request.ts';
import { sendError, sendOutcome } from './binding.ts';
import type { AnswerForm, OpenWork } from './binding.ts';
import { callerOfRequest } from './authenticated.ts';
import { ProtocolRefusal, unknownMethod } from './protocol-refusal.ts';
import { runForm } from './run-form.ts';
import { admitted } from './run-operation.ts';
import type { OperationPorts, Outcome } from './run-operation.ts';
import { rpcFormOf } from './wire-choice.ts';
import type { RpcForm } from './wire-form.ts';
import { rpcV1 } from './wire-v1.ts';

/** How JSON-RPC answers the request with this id (A2A 1.0 section 9), in the words of 1.0 until the request's form is known. */
export function jsonRpcForm(id: JsonRpcId, wire: RpcForm = rpcV1): AnswerForm {
  return {
    contentType: 'application/json',
    frame: (json) => encodeJsonRpcResult(id, json),
    renderError: (error, requestId) => renderJsonRpcError(error, { id, requestId }, wire),
  };
}

function earlierForm(id: JsonRpcId, wire: RpcForm, isStreamAlone: boolean): AnswerForm {
  const form = jsonRpcForm(id, wire);
  return isStreamAlone ? { ...form, refusesByStream: true } : form;
}

/** Serves one JSON-RPC call. Never rejects. */
export function jsonRpcEndpoint(ports: OperationPorts, { calls, streams }: OpenWork) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    let form = jsonRpcForm(null);
    try {
      const envelope = decodeJsonRpcRequest(readBody(request));
      form = jsonRpcForm(envelope.id);
      if (envelope.kind === 'refusal') throw refusalOf(request, envelope);
      const { method, params } = envelope;
      const { address, query } = targetOf(request);
      const wire = rpcFormOf(request, query, method, params);
      if (wire !== rpcV1) form = earlierForm(envelope.id, wire, readsStreamAlone(request, wire, method));
      const outcome = await calls.waitFor(perform(ports, request, { method, params, wire, address }));
      const sending = sendOutcome(streams, { request, reply }, form, outcome);
      if (sending !== undefined) await sending;
    } catch (error) {
      sendError(request, reply, form, error);
    }
  };
}

/** A request without an id is never carried out. In versions before 1.0, what else is wrong with it comes first, as their official kit has it. */
function refusalOf(request: FastifyRequest, { error, message, notification }: JsonRpcRefusal): ProtocolRefusal {
  if (notification !== undefined) {
    const { method, params } = notification;
    const wire = rpcFormOf(request, targetOf(request).query, method, params);
    const operation = wire.operationOf(method);
    if (operation === undefined) return unknownMethod();
    if (wire !== rpcV1) decoded(() => wire.decode(operation, params, requestDecodeLimits));
  }
  return new ProtocolRefusal(error, { message });
}

/**
 * Whether a client reads a stream as the answer to a method, and nothing else, not even as a refusal: so do clients of the versions that
 * name none.
 */
function readsStreamAlone({ headers }: FastifyRequest, wire: RpcForm, method: string): boolean {
  if (headers['a2a-version'] !== undefined || headers.accept?.includes(eventStreamType) !== true) return false;
  const operation = wire.operationOf(method);
  return operation !== undefined && isStreaming(operation);
}

interface RpcCall {
  readonly method: string;
  readonly params: unknown;
  readonly wire: RpcForm;
  readonly address: AgentAddress;
}

function perform(
  ports: OperationPorts,
  request: FastifyRequest,
  { method, params, wire, address }: RpcCall,
): Promise<Outcome> {
  const operation = wire.operationOf(method);
  if (operation === undefined) throw unknownMethod();
  request.context.operation = operation;
  const caller = callerOfRequest(request);
  return admitted(ports, { caller, address, operation }, () => {
    const call = decoded(() => wire.decode(operation, params, requestDecodeLimits));
    return runForm(ports, { caller, address, wire }, call, headerOptions(request));
  });
}
