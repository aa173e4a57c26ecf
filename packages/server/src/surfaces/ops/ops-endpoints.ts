import type { FastifyInstance } from 'fastify';

/** What a process needs for its work, by name: `database`, `migrations`, `heartbeat` … and whether it is there. */
export type Readiness = Readonly<Record<string, boolean>>;

export interface HealthOptions {
  /** Answers within a moment and never rejects for something that is merely not there. */
  readonly readiness: () => Promise<Readiness>;
  /** Warnings by name: what an operator should check although the process works. */
  readonly warnings?: () => readonly string[];
}

/** Registers `/health` and `/ready`. Both answer names with true or false, without details. */
export function registerHealth(app: FastifyInstance, { readiness, warnings }: HealthOptions): void {
  const endpoint = (operation: string) => ({ config: { endpoint: { surface: 'ops', operation } } });
  app.get('/health', endpoint('health'), (_request, reply) => {
    const named = warnings?.() ?? [];
    const health = { status: 'alive', ...(named.length === 0 ? {} : { warnings: named }) };
    void reply.type('application/json').send(JSON.stringify(health));
  });
  app.get('/ready', endpoint('ready'), async (_request, reply) => {
    const checks = await readiness().catch((): Readiness => ({ readiness: false }));
    const isReady = Object.values(checks).every(Boolean);
    const named = Object.fromEntries(
      Object.entries(checks).map(([name, isThere]) => [name, isThere ? 'ok' : 'failing']),
    );
    // A process that is not ready is not a failed request: the answer is correct.
    return reply
      .code(isReady ? 200 : 503)
      .type('application/json')
      .send(JSON.stringify({ status: isReady ? 'ready' : 'not-ready', checks: named }));
  });
}

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
