import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../../kernel/caller.ts';
import { digest128 } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { authorize } from '../../modules/access/index.ts';
import { appendAuditEntry } from '../../modules/audit/index.ts';
import { resolveTenant, slugProblem } from '../../modules/tenancy/index.ts';
import { isTagKnown, jsonType, payloadOf } from '../http/index.ts';
import type { CallerOf } from '../http/index.ts';
import { AnsweredCsv, csvText, csvType, prefersCsv } from './csv.ts';
import type { ApiEndpoint, CallFields } from './endpoint.ts';
import { adminEndpoints, workEndpoints } from './endpoints.ts';
import type { AdminPorts, WorkPorts } from './endpoints.ts';
import { openApiDocument } from './openapi-document.ts';
import { AnsweredStream, serveEvents } from './serve-events.ts';
import type { EventOutlet } from './serve-events.ts';

/** What admitting a caller takes. */
type AdmissionPorts = Parameters<typeof resolveTenant>[0] & Parameters<typeof appendAuditEntry>[0];

interface ApiOptions<Ports> {
  readonly callerOf: CallerOf;
  readonly ports: Ports & AdmissionPorts;
  /** Scheme, host, port and path prefix of the platform, without a slash at its end; known once it listens. */
  readonly publicUrl: () => string;
  /** Where streams are written to; only for endpoints that are streams. */
  readonly outlet?: EventOutlet;
}

export type AdminApiOptions = ApiOptions<AdminPorts>;
export type WorkApiOptions = ApiOptions<WorkPorts> & { readonly outlet: EventOutlet };

interface AdminRoute {
  readonly Params: Readonly<Record<string, string | undefined>>;
}

const prefix = '/api/v1';
/** A card and the settings beside it; every other body is far smaller. */
const bodyBytesMax = limits.cardBytesMax + 64 * 1024;

/** Registers every endpoint of the admin API and its public OpenAPI document. */
export function registerAdminApi(app: FastifyInstance, options: AdminApiOptions): void {
  const admit = admission(options);
  for (const endpoint of adminEndpoints) registerEndpoint(app, endpoint, { ...options, admit });
  const document = JSON.stringify(openApiDocument());
  const config = { endpoint: { surface: 'admin', operation: 'openapi' } };
  app.get(`${prefix}/openapi.json`, { config }, async (_request, reply) =>
    reply.type('application/json').header('Cache-Control', 'public, max-age=300').send(document),
  );
}

/** Registers the endpoints that start tasks or follow them. */
export function registerWorkApi(app: FastifyInstance, options: WorkApiOptions): void {
  const admit = admission(options);
  for (const endpoint of workEndpoints) registerEndpoint(app, endpoint, { ...options, admit });
}

interface RegistrationOptions<Ports> extends Pick<ApiOptions<Ports>, 'publicUrl' | 'outlet'> {
  readonly ports: Ports;
  readonly admit: ReturnType<typeof admission>;
}

function registerEndpoint<Ports>(
  app: FastifyInstance,
  endpoint: ApiEndpoint<Ports>,
  { ports, admit, publicUrl, outlet }: RegistrationOptions<Ports>,
): void {
  const run = endpoint.bind(ports);
  app.route<AdminRoute>({
    method: endpoint.method,
    url: prefix + endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    bodyLimit: bodyBytesMax,
    config: { endpoint: { surface: 'admin', operation: endpoint.operation } },
    // Before the body is read: an unauthenticated client costs no reading and learns nothing from a refusal.
    onRequest: async (request) => {
      request.context.actingCaller = await admit(endpoint, request);
    },
    handler: async (request, reply) => {
      const caller = request.context.actingCaller;
      if (caller === null) throw new PlatformError('access.unauthenticated');
      const answer = await run({
        caller,
        params: request.params,
        query: request.query,
        body: request.body instanceof Uint8Array ? request.body : null,
        publicUrl: publicUrl(),
        fields: callFields(endpoint, request.headers),
      });
      if (answer instanceof AnsweredStream && outlet !== undefined)
        return serveEvents(outlet, { request, reply }, answer);
      if (endpoint.hasCsv === true) void reply.header('vary', 'Accept');
      if (answer instanceof AnsweredCsv) {
        const disposition = `attachment; filename="${answer.fileName}"`;
        return reply.type(csvType).header('content-disposition', disposition).send(csvText(answer));
      }
      if (endpoint.answer === null) return reply.code(endpoint.status).send();
      const text = JSON.stringify(answer);
      if (endpoint.isTagged === true && tag(reply, request.headers, text)) return reply.code(304).send();
      return reply.code(endpoint.status).type(jsonType).send(payloadOf(text));
    },
  });
}

/** Sets the entity tag of an answer; returns whether the client has this answer already. */
function tag(reply: FastifyReply, { 'if-none-match': known }: IncomingHttpHeaders, text: string): boolean {
  const etag = `"${digest128(text)}"`;
  void reply.headers({ etag, 'cache-control': 'private, no-cache', vary: 'Authorization' });
  return isTagKnown(known, etag);
}

/** Authorizes the caller for the tenant of the path. A refusal leaves an audit entry with the tenant of the token. */
function admission({ callerOf, ports }: ApiOptions<unknown>) {
  const append = appendAuditEntry(ports);
  const tenantOf = resolveTenant(ports);
  return async (endpoint: EndpointOperation, request: FastifyRequest<AdminRoute>): Promise<Caller> => {
    const caller = await callerOf(request);
    const tenantSlug = request.params['tenant'];
    try {
      authorize(caller, endpoint.operation, resourceOf(caller, request.params));
    } catch (refusal) {
      await append(caller, refusedAccess(endpoint, tenantSlug, refusal));
      throw refusal;
    }
    if (tenantSlug === undefined || tenantSlug === caller.tenant.slug) return caller;
    return actingFor(caller, await tenantOf(tenantSlug));
  };
}

/** The tenant, agent and skill that the path names. A path with an agent and without a tenant is about the caller's own tenant. */
function resourceOf(caller: Caller, { tenant, agent, skill }: AdminRoute['Params']): Parameters<typeof authorize>[2] {
  if (tenant !== undefined) return { tenantSlug: tenant, agentName: agent };
  return agent === undefined ? undefined : { tenantSlug: caller.tenant.slug, agentName: agent, skillId: skill };
}

type EndpointOperation = Pick<ApiEndpoint<never>, 'operation'>;
type Refusal = Parameters<ReturnType<typeof appendAuditEntry>>[1];

function refusedAccess(endpoint: EndpointOperation, tenantSlug: string | undefined, refusal: unknown): Refusal {
  const isNamed = tenantSlug !== undefined && slugProblem(tenantSlug) === null;
  return {
    action: 'access.refused',
    outcome: 'refused',
    resource: `operations/${endpoint.operation}`,
    facts: {
      code: refusal instanceof PlatformError ? refusal.code : 'internal.unexpected',
      ...(isNamed ? { tenant: tenantSlug } : {}),
    },
  };
}

/** The caller, for a tenant that its token does not name: an operator. */
function actingFor(caller: Caller, tenant: Caller['tenant']): Caller {
  const { principal, actors, scopes, access, boundTo, status, requestId, expiresAtMs } = caller;
  return {
    principal,
    actors,
    scopes,
    access,
    boundTo,
    status,
    requestId,
    expiresAtMs,
    tenant: { id: tenant.id, slug: tenant.slug },
    get signal() {
      return caller.signal;
    },
  };
}

const keyShape = new RegExp(`^[\\x21-\\x7e]{1,${limits.callerIdCharsMax}}$`);
const eventIdShape = /^\d{1,9}$/;
const none: CallFields = { idempotencyKey: null, lastEventId: null, wantsCsv: false };

/** The fields that an endpoint takes; throws `request.invalid` for one that can not be read. */
function callFields(
  { takesKey, isStream, hasCsv }: Pick<ApiEndpoint<never>, 'takesKey' | 'isStream' | 'hasCsv'>,
  headers: IncomingHttpHeaders,
): CallFields {
  const key = takesKey === true ? headers['idempotency-key'] : undefined;
  const eventId = isStream ? headers['last-event-id'] : undefined;
  const wantsCsv = hasCsv === true && prefersCsv(headers.accept);
  if (key === undefined && eventId === undefined && !wantsCsv) return none;
  if (key !== undefined && (typeof key !== 'string' || !keyShape.test(key)))
    throw invalidField('Idempotency-Key', `must be 1 to ${limits.callerIdCharsMax} visible ASCII characters`);
  if (eventId !== undefined && (typeof eventId !== 'string' || !eventIdShape.test(eventId)))
    throw invalidField('Last-Event-ID', 'must be the id of an event of this stream: a non-negative integer');
  return { idempotencyKey: key ?? null, lastEventId: eventId === undefined ? null : Number(eventId), wantsCsv };
}

function invalidField(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
