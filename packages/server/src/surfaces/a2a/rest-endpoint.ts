import { answerContentType, decodeRestRequest, isTaskOperation, matchRest } from '@colloquy/protocol/v1';
import type { RestMatch } from '@colloquy/protocol/v1';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { renderRestError } from './a2a-error-renderer.ts';
import { assertVersion, decoded, headerOptions, readBody, requestDecodeLimits, targetOf } from './a2a-request.ts';
import { callerOfRequest } from './authenticated.ts';
import { sendError, sendOutcome } from './binding.ts';
import type { AnswerForm, OpenWork } from './binding.ts';
import { ProtocolRefusal } from './protocol-refusal.ts';
import { admitted, refuseOptional, runOperation } from './run-operation.ts';
import type { OperationPorts, Outcome } from './run-operation.ts';

/** How HTTP+JSON answers this request (A2A 1.0 section 11). */
export function restForm(request: FastifyRequest): AnswerForm {
  const { 'content-type': contentType, accept } = request.headers;
  return {
    contentType: answerContentType({ contentType, accept }),
    frame: (json) => json,
    renderError: renderRestError,
  };
}

/** Serves one call of the HTTP+JSON binding. Never rejects. */
export function restEndpoint(ports: OperationPorts, { calls, streams }: OpenWork) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const form = restForm(request);
    try {
      const outcome = await calls.waitFor(perform(ports, request, reply));
      await sendOutcome(streams, { request, reply }, form, outcome);
    } catch (error) {
      sendError(request, reply, form, error);
    }
  };
}

function perform(ports: OperationPorts, request: FastifyRequest, reply: FastifyReply): Promise<Outcome> {
  const { address, path, query } = targetOf(request);
  const body = readBody(request);
  assertVersion(request, query);
  const { operation, params } = assertMatch(matchRest(request.method, path), reply);
  request.visit.operation = operation;
  const caller = callerOfRequest(request);
  return admitted(ports, { caller, address, operation }, () => {
    if (!isTaskOperation(operation)) return refuseOptional(ports, { caller, address }, operation);
    const parts = { params, query: new URLSearchParams(query), body };
    const call = decoded(() => decodeRestRequest(operation, parts, requestDecodeLimits));
    return runOperation(ports, { caller, address }, call, headerOptions(request));
  });
}

function assertMatch(match: RestMatch, reply: FastifyReply): Extract<RestMatch, { kind: 'match' }> {
  switch (match.kind) {
    case 'match':
      return match;
    case 'bad-path':
      throw new ProtocolRefusal('InvalidRequestError', { message: match.message });
    case 'unknown':
      throw new ProtocolRefusal('MethodNotFoundError', {});
    case 'wrong-verb': {
      const allow = match.allow.join(', ');
      reply.raw.setHeader('Allow', allow);
      throw new ProtocolRefusal('MethodNotAllowedError', {
        message: `This address takes ${allow}.`,
        details: { allow },
      });
    }
  }
}
