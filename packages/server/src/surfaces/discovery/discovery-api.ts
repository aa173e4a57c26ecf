import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../kernel/caller.ts';
import { digest128 } from '../../kernel/digest.ts';
import { asPlatformError, PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { authorize } from '../../modules/access/index.ts';
import type { Operation } from '../../modules/access/index.ts';
import { appendAuditEntry } from '../../modules/audit/index.ts';
import { deregisterAgent, getAgent, listAgents, registerRecord, searchAgents } from '../../modules/registry/index.ts';
import type { AgentSearch, RegisteredAgent } from '../../modules/registry/index.ts';
import { bindUseCases, isTagKnown, jsonType, payloadOf } from '../http/index.ts';
import type { Bound, CallerOf, PortsOf, PortsOfAll, UseCases } from '../http/index.ts';
import { readRecord, recordAnswer } from './agent-record.ts';

export interface DiscoveryOptions {
  readonly callerOf: CallerOf;
  readonly ports: PortsOfAll<typeof endpoints> & Parameters<typeof appendAuditEntry>[0];
  /** Scheme, host, port and path prefix of the platform, without a slash at its end; known once it listens. */
  readonly publicUrl: () => string;
}

interface Call {
  readonly caller: Caller;
  readonly request: FastifyRequest<DiscoveryRoute>;
  readonly place: { readonly publicUrl: string; readonly tenantSlug: string };
}

interface DiscoveryRoute {
  readonly Params: Readonly<Record<string, string | undefined>>;
  readonly Querystring: Readonly<Record<string, unknown>>;
}

/** What an endpoint answers, and the page that follows. */
interface Answer {
  readonly body: object;
  readonly next?: string | null;
}

interface EndpointDeclaration<Uses extends UseCases> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly operation: Operation;
  /** The use cases that `handle` calls; the admin API has the same. */
  readonly uses: Uses;
  readonly handle: (useCases: Bound<Uses>, call: Call) => Promise<Answer>;
}

const endpoint = <Uses extends UseCases>({ uses, handle, ...facts }: EndpointDeclaration<Uses>) => ({
  ...facts,
  /** Binds the use cases, once; the result runs one call. */
  bind: (ports: PortsOf<Uses>) => {
    const useCases = bindUseCases(uses, ports);
    return (call: Call) => handle(useCases, call);
  },
});

const prefix = '/discovery';
const any: AgentSearch = {
  text: null,
  name: null,
  skill: null,
  tag: null,
  capability: null,
  department: null,
  tier: null,
  region: null,
  status: null,
  health: null,
};

const endpoints = [
  endpoint({
    method: 'GET',
    path: '/agents',
    operation: 'agent.list',
    uses: { listAgents },
    handle: async ({ listAgents }, call) => recordsOf(await listAgents(call.caller, pageOf(call)), call),
  }),
  endpoint({
    method: 'GET',
    path: '/agents/by-capability/:capability',
    operation: 'agent.list',
    uses: { searchAgents },
    handle: async ({ searchAgents }, call) => {
      const capability = bounded(call.request.params['capability'] ?? '');
      return recordsOf(await searchAgents(call.caller, { ...any, capability }, pageOf(call)), call);
    },
  }),
  endpoint({
    method: 'GET',
    path: '/agents/:agent',
    operation: 'agent.get',
    uses: { getAgent },
    handle: async ({ getAgent }, { caller, request, place }) => ({
      body: recordAnswer(await getAgent(caller, request.params['agent'] ?? ''), place),
    }),
  }),
  endpoint({
    method: 'POST',
    path: '/agents/register',
    operation: 'agent.register',
    uses: { registerRecord },
    handle: async ({ registerRecord }, { caller, request }) => {
      const record = readRecord(request.body instanceof Uint8Array ? request.body : null);
      const isUsed = await registerRecord(caller, record);
      return { body: { status: isUsed ? 'registered' : 'pending', agent: record.name } };
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/agents/:agent',
    operation: 'agent.deregister',
    uses: { deregisterAgent },
    handle: async ({ deregisterAgent }, { caller, request }) => {
      const name = request.params['agent'] ?? '';
      await deregisterAgent(caller, name).catch((error: unknown) => {
        // The contract promises that it is gone, not that it was there.
        if (asPlatformError(error).code !== 'registry.agent-unknown') throw error;
      });
      return { body: { status: 'deregistered', agent: name } };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/health',
    operation: 'agent.list',
    uses: { listAgents, getAgent },
    handle: async ({ listAgents, getAgent }, call) => {
      const wanted = call.request.query['agent'];
      if (typeof wanted === 'string') return { body: healthOf([await getAgent(call.caller, wanted)]) };
      const { items, next } = await listAgents(call.caller, pageOf(call));
      return { body: healthOf(items), next };
    },
  }),
];

/** Registers the endpoints of the discovery contract. The tenant is the one of the token. */
export function registerDiscovery(app: FastifyInstance, { callerOf, ports, publicUrl }: DiscoveryOptions): void {
  const append = appendAuditEntry(ports);
  for (const endpoint of endpoints) {
    const run = endpoint.bind(ports);
    app.route<DiscoveryRoute>({
      method: endpoint.method,
      url: prefix + endpoint.path,
      bodyLimit: limits.cardBytesMax,
      config: { endpoint: { surface: 'discovery', operation: endpoint.operation } },
      // Before the body is read: an unauthenticated client costs no reading and learns nothing from a refusal.
      onRequest: async (request) => {
        request.context.actingCaller = await admit(await callerOf(request), endpoint, { request, append });
      },
      handler: async (request, reply) => {
        const caller = request.context.actingCaller;
        if (caller === null) throw new PlatformError('access.unauthenticated');
        const place = { publicUrl: publicUrl(), tenantSlug: caller.tenant.slug };
        const answer = await run({ caller, request, place });
        return send(reply, request, { ...answer, address: `${place.publicUrl}${request.routeOptions.url ?? ''}` });
      },
    });
  }
}

interface Admission {
  readonly request: FastifyRequest<DiscoveryRoute>;
  readonly append: ReturnType<typeof appendAuditEntry>;
}

/** Authorizes the caller. A refusal leaves an audit entry with its tenant. */
async function admit(
  caller: Caller,
  { operation }: { readonly operation: Operation },
  { request, append }: Admission,
): Promise<Caller> {
  const agentName = request.params['agent'];
  try {
    authorize(caller, operation, { tenantSlug: caller.tenant.slug, ...(agentName === undefined ? {} : { agentName }) });
  } catch (refusal) {
    const code = refusal instanceof PlatformError ? refusal.code : 'internal.unexpected';
    const resource = `operations/${operation}`;
    await append(caller, { action: 'access.refused', outcome: 'refused', resource, facts: { code } });
    throw refusal;
  }
  return caller;
}

/** Reads carry an entity tag; a list with a next page carries its address (RFC 8288). */
function send(reply: FastifyReply, request: FastifyRequest, answer: Answer & { readonly address: string }) {
  const text = JSON.stringify(answer.body);
  void reply.type(jsonType);
  if (typeof answer.next === 'string') {
    void reply.header('link', `<${answer.address}?after=${encodeURIComponent(answer.next)}>; rel="next"`);
  }
  if (request.method !== 'GET') return reply.send(payloadOf(text));
  const etag = `"${digest128(text)}"`;
  void reply.headers({ etag, 'cache-control': 'private, no-cache', vary: 'Authorization' });
  return isTagKnown(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(payloadOf(text));
}

function recordsOf({ items, next }: Page<RegisteredAgent>, { place }: Call): Answer {
  return { body: items.map((agent) => recordAnswer(agent, place)), next };
}

function healthOf(agents: readonly RegisteredAgent[]): object {
  return Object.fromEntries(agents.map(({ name, health }) => [name, { status: health }]));
}

function pageOf({ request }: Call): PageRequest {
  const { after } = request.query;
  return { after: typeof after === 'string' && after !== '' ? bounded(after) : null, limit: limits.discoveryAgentsMax };
}

/** PostgreSQL has no text with NUL. */
function bounded(text: string): string {
  if (text.length <= limits.searchCharsMax && !text.includes('\0')) return text;
  const violations = [{ field: '', description: `must be at most ${limits.searchCharsMax} characters without NUL` }];
  throw new PlatformError('request.invalid', { violations });
}
