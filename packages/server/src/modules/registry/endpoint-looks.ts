import type { AgentId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { EndpointCertificateStore, EndpointProber } from './endpoint-certificate-store.ts';
import type { AgentCertificate, EndpointCertificate } from './endpoint-certificate.ts';

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
  /** All or none; what is gone by now is passed over. */
  settle(settled: readonly SettledLook[]): Promise<void>;
  /** The agents are gone: nothing is known of them, and nothing due. All or none. */
  forget(looks: readonly DueLook[]): Promise<void>;
  count(): Promise<CertificateCounts>;
}

export interface EndpointLookPorts {
  readonly looks: EndpointLookStore;
  readonly endpointCertificates: Pick<EndpointCertificateStore, 'record'>;
  readonly prober: EndpointProber;
}

/**
 * Looks at endpoints that are due, some at once. True when there may be more. The database is asked by one transaction at a time, few for
 * all of them: looks that each ask for themselves take the connections of callers. What can not be written is due again when its claim is
 * over, and keeps no other look from being settled; the first such failure is what this rejects with.
 */
export function lookAtEndpoints(ports: EndpointLookPorts): () => Promise<boolean> {
  const { looks, prober } = ports;
  return async () => {
    const due = await looks.claim(limits.endpointLooksMax);
    if (due.length === 0) return false;
    const agents = await looks.find(due);
    const found = due.map((look, at) => ({ look, agent: agents[at] ?? null }));
    const gone = found.filter(({ agent }) => agent === null);
    if (gone.length > 0) await looks.forget(gone.map(({ look }) => look));
    const outcomes = await Promise.all(
      found.flatMap(({ look, agent }) => (agent === null ? [] : [outcomeOf(prober, look, agent)])),
    );
    await keep(ports, outcomes);
    return due.length === limits.endpointLooksMax;
  };
}

interface Outcome {
  readonly look: DueLook;
  readonly agentName: string;
  readonly hasTls: boolean;
  /** Null: the endpoint was not reached, or shows none. */
  readonly seen: EndpointCertificate | null;
}

async function outcomeOf(prober: EndpointProber, look: DueLook, agent: AgentCertificate): Promise<Outcome> {
  const { agentName, origin } = agent;
  const hasTls = origin.startsWith('https:');
  const seen = hasTls ? await prober.probe(origin, look.tenantId).catch(() => null) : null;
  return { look, agentName, hasTls, seen };
}

async function keep({ looks, endpointCertificates }: EndpointLookPorts, outcomes: readonly Outcome[]): Promise<void> {
  const settled: SettledLook[] = [];
  const failures: unknown[] = [];
  for (const outcome of outcomes) {
    const { look, agentName, seen } = outcome;
    try {
      if (seen !== null) await endpointCertificates.record(look.tenantId, agentName, seen);
      settled.push(settledBy(outcome));
    } catch (failure) {
      failures.push(failure);
    }
  }
  if (settled.length > 0) await looks.settle(settled);
  if (failures.length > 0) throw failures[0];
}

function settledBy({ look, hasTls, seen }: Outcome): SettledLook {
  // It shows none; should the agent move, it is due at once.
  if (!hasTls) return { look, nextMs: limits.endpointLookMs, failures: 0 };
  const failures = seen === null ? look.failures + 1 : 0;
  return { look, nextMs: nextLookMs(failures, seen?.problem ?? null), failures };
}

/** What is not as it should be is looked at more often; what is away, ever more rarely. */
function nextLookMs(failures: number, problem: string | null): number {
  if (failures === 0) return problem === null ? limits.endpointLookMs : limits.endpointLookSoonMs;
  return Math.min(limits.endpointLookSoonMs * 2 ** (failures - 1), limits.endpointLookMs);
}
