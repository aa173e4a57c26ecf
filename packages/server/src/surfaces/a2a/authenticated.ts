import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { CallerOf } from '../http/index.ts';

/** Demands a token for every endpoint of this scope, before the body is read. */
export function demandToken(scope: FastifyInstance, callerOf: CallerOf): void {
  scope.addHook('onRequest', async (request) => {
    await callerOf(request);
  });
}

/** The caller of a request in a scope that demands a token. */
export function callerOfRequest(request: FastifyRequest): Caller {
  const { caller } = request.context;
  if (caller === null) throw new PlatformError('access.unauthenticated');
  return caller;
}
