import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.ts';
import { demandToken } from './authenticated.ts';
import { sendError } from './binding.ts';
import type { AnswerForm, OpenWork } from './binding.ts';
import { cardEndpoint } from './card-endpoint.ts';
import type { CardPorts } from './card-endpoint.ts';
import { cardPaths } from './card-forms.ts';
import { EventStreams } from './event-streams.ts';
import { jsonRpcEndpoint, jsonRpcForm } from './json-rpc-endpoint.ts';
import { OpenCalls } from './open-calls.ts';
import { ProtocolRefusal } from './protocol-refusal.ts';
import { restEndpoint, restForm } from './rest-endpoint.ts';
import type { OperationPorts } from './run-operation.ts';

export interface A2aSurfaceOptions extends CardPorts, OperationPorts {
  readonly clock: Clock;
  /** Replaces `limits.streamHeartbeatMs`. */
  readonly streamHeartbeatMs?: number;
  /** Time a stream's reader may take nothing before its connection is closed. */
  readonly streamStallMs?: number;
}

/** The router is reached as an agent is. */
const agentPaths = ['/t/:tenant/agents/:agent', '/t/:tenant/router'] as const;
const otherVerbs = ['GET', 'PUT', 'PATCH', 'DELETE'];

/** A2A 1.0 for every agent, as a Fastify plugin for a server of `createHttpServer`. */
export function a2aSurface(options: A2aSurfaceOptions): (app: FastifyInstance) => Promise<void> {
  const { clock, streamHeartbeatMs: heartbeatMs, streamStallMs: stallMs } = options;
  const calls = new OpenCalls(clock);
  const streams = new EventStreams({
    clock,
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    ...(stallMs === undefined ? {} : { stallMs }),
  });
  return async (app) => {
    app.addHook('preClose', (done) => {
      streams.close();
      calls.close();
      done();
    });
    await app.register(async (scope) => serveCards(scope, options));
    await app.register(async (scope) => serveJsonRpc(scope, options, { streams, calls }));
    await app.register(async (scope) => serveRest(scope, options, { streams, calls }));
  };
}

function serveCards(scope: FastifyInstance, options: A2aSurfaceOptions): void {
  answerErrors(scope, restForm);
  const config = { endpoint: { surface: 'a2a', operation: 'agent-card' } };
  // The address that we print ends in a slash, and some clients append the path to it.
  for (const agentPath of agentPaths.flatMap((path) => [path, `${path}/`]))
    for (const path of Object.values(cardPaths)) scope.get(agentPath + path, { config }, cardEndpoint(options));
}

function serveJsonRpc(scope: FastifyInstance, options: A2aSurfaceOptions, open: OpenWork): void {
  answerErrors(scope, () => jsonRpcForm(null));
  demandToken(scope, options.callerOf);
  takeAnyBody(scope);
  const config = { endpoint: { surface: 'a2a', operation: 'json-rpc' } };
  for (const url of agentPaths.flatMap((path) => [path, `${path}/`])) {
    scope.post(url, { config }, jsonRpcEndpoint(options, open));
    scope.route({ method: otherVerbs, url, config, exposeHeadRoute: false, handler: refuseVerb });
  }
}

function serveRest(scope: FastifyInstance, options: A2aSurfaceOptions, open: OpenWork): void {
  answerErrors(scope, restForm);
  demandToken(scope, options.callerOf);
  takeAnyBody(scope);
  const config = { endpoint: { surface: 'a2a', operation: 'rest' } };
  const method = ['POST', ...otherVerbs];
  for (const path of agentPaths)
    scope.route({ method, url: `${path}/*`, config, exposeHeadRoute: false, handler: restEndpoint(options, open) });
}

function refuseVerb(_request: FastifyRequest, reply: FastifyReply): never {
  reply.raw.setHeader('Allow', 'POST');
  throw new ProtocolRefusal('MethodNotAllowedError', {
    message: 'This address takes POST.',
    details: { allow: 'POST' },
  });
}

/** The media type is judged after the token, and by the binding. */
function takeAnyBody(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

function answerErrors(scope: FastifyInstance, formOf: (request: FastifyRequest) => AnswerForm): void {
  scope.setErrorHandler((error, request, reply) => sendError(request, reply, formOf(request), error));
}
