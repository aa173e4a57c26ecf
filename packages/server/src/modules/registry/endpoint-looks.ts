import type { AgentId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { EndpointCertificateStore, EndpointProber } from './endpoint-certificate-store.ts';
import type { AgentCertificate } from './endpoint-certificate.ts';

/** A look at an agent's endpoint that is due, and claimed. */
export interface DueLook {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  /** Looks in a row before it that did not reach the endpoint. */
  readonly failures: number;
}

/** A look that is over: when its endpoint is due again, and how often in a row it was not reached. */
export interface SettledLook {
  readonly look: DueLook;
  readonly nextMs: number;
  readonly failures: number;
}

/** How many certificates of endpoints are how, in all tenants together; each is counted once. */
export interface CertificateCounts {
  /** Nobody who trusts the web's authorities accepts them. */
  readonly refused: number;
  readonly ended: number;
  /** They end within `limits.certificateWarningMs`. */
  readonly ending: number;
  readonly fine: number;
}

/**
 * Which endpoints are to be looked at. Promises of an implementation: a look is one worker's, until `limits.endpointLookClaimMs` are over;
 * every method rejects with `platform.unavailable` when the database is away.
 */
export interface EndpointLookStore {
  /** Looks that are due, the longest due first, at most `looksMax`; they are the caller's. */
  claim(looksMax: number): Promise<readonly DueLook[]>;
  /** The agents, in the order of their looks; null for one that is deregistered. */
  find(looks: readonly DueLook[]): Promise<readonly (AgentCertificate | null)[]>;
  settle(settled: readonly SettledLook[]): Promise<void>;
  /** The agent is gone: nothing is known of it, and nothing due. */
  forget(look: DueLook): Promise<void>;
  count(): Promise<CertificateCounts>;
}

export interface EndpointLookPorts {
  readonly looks: EndpointLookStore;
  readonly endpointCertificates: Pick<EndpointCertificateStore, 'record'>;
  readonly prober: EndpointProber;
}

/**
 * Looks at endpoints that are due, some at once. True when there may be more. What fails is due again later. Agents are found together,
 * and those without TLS settled together: one by one they would take every connection to the database, and callers wait.
 */
export function lookAtEndpoints(ports: EndpointLookPorts): () => Promise<boolean> {
  const { looks } = ports;
  return async () => {
    const due = await looks.claim(limits.endpointLooksMax);
    if (due.length === 0) return false;
    const agents = await looks.find(due);
    const plain: SettledLook[] = [];
    const others: Promise<void>[] = [];
    for (const [at, look] of due.entries()) {
      const agent = agents[at] ?? null;
      if (agent === null) others.push(looks.forget(look));
      else if (agent.origin.startsWith('https:')) others.push(lookAt(ports, look, agent));
      // It shows none; should the agent move, it is due at once.
      else plain.push({ look, nextMs: limits.endpointLookMs, failures: 0 });
    }
    if (plain.length > 0) others.push(looks.settle(plain));
    await Promise.all(others);
    return due.length === limits.endpointLooksMax;
  };
}

async function lookAt(
  { looks, endpointCertificates, prober }: EndpointLookPorts,
  look: DueLook,
  { origin, agentName }: AgentCertificate,
): Promise<void> {
  const seen = await prober.probe(origin, look.tenantId).catch(() => null);
  if (seen !== null) await endpointCertificates.record(look.tenantId, agentName, seen);
  const failures = seen === null ? look.failures + 1 : 0;
  await looks.settle([{ look, nextMs: nextLookMs(failures, seen?.problem ?? null), failures }]);
}

/** What is not as it should be is looked at more often; what is away, ever more rarely. */
function nextLookMs(failures: number, problem: string | null): number {
  if (failures === 0) return problem === null ? limits.endpointLookMs : limits.endpointLookSoonMs;
  return Math.min(limits.endpointLookSoonMs * 2 ** (failures - 1), limits.endpointLookMs);
}
