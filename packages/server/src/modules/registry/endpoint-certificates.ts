import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { auditEntryBy } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { EndpointCertificateStore, EndpointProber } from './endpoint-certificate-store.ts';
import { isKeyPin } from './endpoint-certificate.ts';
import type { AgentCertificate } from './endpoint-certificate.ts';

export interface CertificatePorts {
  readonly endpointCertificates: EndpointCertificateStore;
}

/** What the endpoints of the tenant's agents have shown, in the order of the agents' names. Throws `request.invalid` for a cursor that is none. */
export function listCertificates({ endpointCertificates: store }: CertificatePorts) {
  return async (caller: Caller, page: PageRequest): Promise<Page<AgentCertificate>> => {
    if (page.after !== null && slugProblem(page.after) !== null)
      throw invalid('after', 'must be the next of the page before');
    const rows = await store.list(caller.tenant.id, { after: page.after, limit: page.limit + 1 });
    return pageOf(rows, page.limit, ({ agentName }) => agentName);
  };
}

/**
 * Looks at the endpoint of an agent now, and keeps what it shows. Throws `registry.agent-unknown`, `registry.endpoint-plain` for one
 * without TLS, and what the prober rejects with.
 */
export function checkCertificate(ports: CertificatePorts & { readonly prober: EndpointProber }) {
  return async (caller: Caller, agentName: string): Promise<AgentCertificate> => {
    const store = ports.endpointCertificates;
    const agent = await find(store, caller, agentName);
    if (!agent.origin.startsWith('https:')) throw new PlatformError('registry.endpoint-plain');
    const seen = await ports.prober.probe(agent.origin, caller.tenant.id);
    await store.record(caller.tenant.id, agentName, seen);
    return find(store, caller, agentName);
  };
}

/** Sets the keys that the endpoint of an agent has to show; none lets any key do. Throws `registry.agent-unknown` and `request.invalid`. */
export function pinKeys({ endpointCertificates: store, ids }: CertificatePorts & { readonly ids: IdSource }) {
  return async (caller: Caller, agentName: string, keys: readonly string[]): Promise<AgentCertificate> => {
    if (keys.length > limits.pinnedKeysMax || !keys.every(isKeyPin))
      throw invalid('keys', 'must be SHA-256 digests of public keys in base64');
    const agent = await find(store, caller, agentName);
    if (keys.length > 0 && !agent.origin.startsWith('https:')) throw new PlatformError('registry.endpoint-plain');
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

async function find(store: EndpointCertificateStore, caller: Caller, agentName: string): Promise<AgentCertificate> {
  const found = slugProblem(agentName) === null ? await store.find(caller.tenant.id, agentName) : null;
  if (found === null) throw new PlatformError('registry.agent-unknown');
  return found;
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
