import type { RestMatch } from '@colloquy/protocol/v1';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { renderRestError } from './a2a-error-renderer.ts';
import { decoded, headerOptions, readBody, requestDecodeLimits, targetOf } from './a2a-request.ts';
import type { A2aTarget } from './a2a-request.ts';
import { callerOfRequest } from './authenticated.ts';
import { sendError, sendOutcome } from './binding.ts';
import type { AnswerForm, OpenWork } from './binding.ts';
import { ProtocolRefusal } from './protocol-refusal.ts';
import { runForm } from './run-form.ts';
import { admitted } from './run-operation.ts';
import type { OperationPorts, Outcome } from './run-operation.ts';
import { assertRestVersion, restFormOf } from './wire-choice.ts';
import type { RestForm } from './wire-form.ts';

/** How HTTP+JSON answers this request (A2A 1.0 section 11). */
export function restForm(request: FastifyRequest): AnswerForm {
  return answerForm(request, restFormOf(request.method, targetOf(request).path));
}

function answerForm(request: FastifyRequest, wire: RestForm): AnswerForm {
  return {
    contentType: wire.contentType(request.headers),
    frame: (json) => json,
    renderError: (error, requestId) => renderRestError(error, requestId, wire),
  };
}

/** Serves one call of the HTTP+JSON binding. Never rejects. */
export function restEndpoint(ports: OperationPorts, { calls, streams }: OpenWork) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const target = targetOf(request);
    const wire = restFormOf(request.method, target.path);
    const form = answerForm(request, wire);
    try {
      const outcome = await calls.waitFor(perform(ports, { request, reply }, target, wire));
      const sending = sendOutcome(streams, { request, reply }, form, outcome);
      if (sending !== undefined) await sending;
    } catch (error) {
      sendError(request, reply, form, error);
    }
  };
}

function perform(
  ports: OperationPorts,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  { address, path, query }: A2aTarget,
  wire: RestForm,
): Promise<Outcome> {
  const body = readBody(request);
  assertRestVersion(request, query, wire);
  const { operation, params } = assertMatch(wire.match(request.method, path), reply);
  request.context.operation = operation;
  // Only this caller may see this form of the card, so shared caches must not store it.
  if (operation === 'GetExtendedAgentCard') reply.raw.setHeader('Cache-Control', 'private, no-store');
  const caller = callerOfRequest(request);
  return admitted(ports, { caller, address, operation }, () => {
    const parts = { params, query: new URLSearchParams(query), body };
    const call = decoded(() => wire.decode(operation, parts, requestDecodeLimits));
    return runForm(ports, { caller, address, wire }, call, headerOptions(request));
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
