import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { auditEntryBy } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { EndpointCertificateStore, EndpointPage, EndpointProber } from './endpoint-certificate-store.ts';
import { hasTls, isKeyPin } from './endpoint-certificate.ts';
import type { AgentCertificate, CheckedEndpoint, EndpointCertificate } from './endpoint-certificate.ts';
import { probeEach } from './probe-endpoints.ts';

export interface CertificatePorts {
  readonly endpointCertificates: EndpointCertificateStore;
}

/**
 * The endpoints of the tenant's agents with their certificates, by the agent's name, then the one of the oldest instance first. Throws
 * `request.invalid` for an invalid cursor.
 */
export function listCertificates({ endpointCertificates: store }: CertificatePorts) {
  return async (caller: Caller, page: PageRequest): Promise<Page<AgentCertificate>> => {
    const rows = await store.list(caller.tenant.id, { after: placeOf(page.after), limit: page.limit + 1 });
    return pageOf(rows, page.limit, ({ agentName, instanceIds }) => [agentName, ...instanceIds.slice(0, 1)].join('/'));
  };
}

/**
 * Checks all endpoints of an agent now, or only the one of `origin`, and stores their certificates. Throws `registry.agent-unknown`,
 * `request.invalid` for an origin that is not an endpoint of the agent, and, when every check failed, the first failure:
 * `registry.endpoint-plain` without TLS, or the prober's error.
 */
export function checkCertificate(ports: CertificatePorts & { readonly prober: EndpointProber }) {
  const store = ports.endpointCertificates;
  return async (caller: Caller, agentName: string, origin: string | null): Promise<readonly CheckedEndpoint[]> => {
    const known = await find(store, caller, agentName);
    const wanted = origin === null ? known : known.filter((one) => one.origin === URL.parse(origin)?.origin);
    if (wanted.length === 0) throw invalid('origin', 'must be that of an endpoint of the agent');
    const results = await probeEach(wanted, (endpoint) => probeEndpoint(ports, caller.tenant.id, endpoint));
    // One after the other: all at once would take the database connections that callers need.
    for (const { instanceIds, seen } of results)
      if (seen !== null) await store.record(caller.tenant.id, instanceIds, seen);
    const failures = results.map(({ failure }) => failure);
    if (failures.every((failure) => failure !== null) && failures[0] !== undefined) throw failures[0];
    const shown = new Map((await find(store, caller, agentName)).map((endpoint) => [endpoint.origin, endpoint]));
    const checked = wanted.map((endpoint, at) => {
      return { ...(shown.get(endpoint.origin) ?? endpoint), failure: failures[at]?.code ?? null };
    });
    // Two spellings of an address turn out to be one origin after the check.
    return [...new Map(checked.map((endpoint) => [endpoint.origin, endpoint])).values()];
  };
}

interface ProbeResult extends Pick<AgentCertificate, 'instanceIds'> {
  /** Null: the check failed. */
  readonly seen: EndpointCertificate | null;
  /** Why the check failed; null: it succeeded. */
  readonly failure: PlatformError | null;
}

async function probeEndpoint(
  { prober }: { readonly prober: EndpointProber },
  tenantId: TenantId,
  { origin, instanceIds }: AgentCertificate,
): Promise<ProbeResult> {
  const failed = (failure: PlatformError): ProbeResult => ({ instanceIds, seen: null, failure });
  if (instanceIds.length === 0) return failed(new PlatformError('registry.endpoint-unreachable'));
  if (!hasTls({ origin })) return failed(new PlatformError('registry.endpoint-plain'));
  try {
    return { instanceIds, seen: await prober.probe(origin, tenantId), failure: null };
  } catch (error) {
    if (error instanceof PlatformError && error.code !== 'platform.unavailable') return failed(error);
    throw error;
  }
}

/**
 * Pins public keys: every endpoint of the agent must present one of them; an empty list accepts any key. Works while the agent has no
 * instance, too. Resolves with its endpoints. Throws `registry.agent-unknown`, `request.invalid`, and `registry.endpoint-plain` when no
 * endpoint of the agent uses TLS.
 */
export function pinKeys({ endpointCertificates: store, ids }: CertificatePorts & { readonly ids: IdSource }) {
  return async (caller: Caller, agentName: string, keys: readonly string[]): Promise<readonly AgentCertificate[]> => {
    if (keys.length > limits.pinnedKeysMax || !keys.every(isKeyPin))
      throw invalid('keys', 'must be SHA-256 digests of public keys in base64');
    const endpoints = await find(store, caller, agentName);
    const places = endpoints.filter(({ instanceIds }) => instanceIds.length > 0);
    if (keys.length > 0 && places.length > 0 && !places.some(hasTls))
      throw new PlatformError('registry.endpoint-plain');
    const entry = auditEntryBy(caller, ids, {
      action: 'agent.keys-pinned',
      outcome: 'succeeded',
      resource: `agents/${agentName}`,
      facts: { keys: keys.join(' ') },
    });
    if (!(await store.pin(caller.tenant.id, agentName, keys, entry))) throw new PlatformError('registry.agent-unknown');
    return find(store, caller, agentName);
  };
}

async function find(
  store: EndpointCertificateStore,
  caller: Caller,
  agentName: string,
): Promise<readonly AgentCertificate[]> {
  const found = slugProblem(agentName) === null ? await store.find(caller.tenant.id, agentName) : [];
  if (found.length === 0) throw new PlatformError('registry.agent-unknown');
  return found;
}

/** Reads a cursor: `agent/instance`, or the name alone for an agent without an instance. */
function placeOf(cursor: string | null): EndpointPage['after'] {
  if (cursor === null) return null;
  const [agentName = '', instanceId = null, ...more] = cursor.split('/');
  if (slugProblem(agentName) !== null || more.length > 0 || (instanceId !== null && !isId('ins', instanceId)))
    throw invalid('after', 'must be the next of the page before');
  return { agentName, instanceId };
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
