import type { FastifyInstance } from 'fastify';

export interface MetricsEndpointOptions {
  readonly expose: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Registers `/metrics`. For the ops port only. */
export function registerMetrics(app: FastifyInstance, { expose }: MetricsEndpointOptions): void {
  app.get('/metrics', { config: { endpoint: { surface: 'ops', operation: 'metrics' } } }, async (_request, reply) => {
    const { contentType, text } = await expose();
    return reply.type(contentType).send(text);
  });
}
