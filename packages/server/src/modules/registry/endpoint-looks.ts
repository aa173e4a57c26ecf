import type { AgentId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { EndpointCertificateStore, EndpointProber } from './endpoint-certificate-store.ts';
import { hasTls } from './endpoint-certificate.ts';
import type { AgentCertificate, EndpointCertificate } from './endpoint-certificate.ts';
import { probeEach } from './probe-endpoints.ts';

/** A look at the endpoints of an agent that is due, and claimed. */
export interface DueLook {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  /** Looks in a row before it that did not reach one of the endpoints. */
  readonly failures: number;
}

/** A look that is over: when its agent is due again, and how often in a row one of its endpoints was not reached. */
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
 * Of which agents the endpoints are to be looked at. Promises of an implementation: a look is one worker's, until `limits.endpointLookClaimMs` are over;
 * every method rejects with `platform.unavailable` when the database is away.
 */
export interface EndpointLookStore {
  /** Looks that are due, the longest due first, at most `looksMax`; they are the caller's. */
  claim(looksMax: number): Promise<readonly DueLook[]>;
  /** The endpoints of the agents, in the order of their looks; none for an agent that is deregistered. */
  find(looks: readonly DueLook[]): Promise<readonly (readonly AgentCertificate[])[]>;
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
 * Looks at the endpoints of agents that are due, some at once. True when there may be more. The database is asked by one transaction at a
 * time, few for all of them: looks that each ask for themselves take the connections of callers. What can not be written of an endpoint
 * makes its agent due again when its claim is over, and keeps no other from being settled; the first such failure is what this rejects with.
 */
export function lookAtEndpoints(ports: EndpointLookPorts): () => Promise<boolean> {
  const { looks, prober } = ports;
  return async () => {
    const due = await looks.claim(limits.endpointLooksMax);
    if (due.length === 0) return false;
    const endpointsOf = await looks.find(due);
    const found = due.map((look, at) => ({ look, endpoints: endpointsOf[at] ?? [] }));
    const gone = found.filter(({ endpoints }) => endpoints.length === 0);
    if (gone.length > 0) await looks.forget(gone.map(({ look }) => look));
    const sights = await probeEach(
      found.flatMap(({ look, endpoints }) => endpoints.filter(hasTls).map((endpoint) => ({ look, endpoint }))),
      (wanted) => sightOf(prober, wanted),
    );
    const here = found.filter(({ endpoints }) => endpoints.length > 0);
    await keep(
      ports,
      here.map(({ look }) => ({ look, sights: sights.filter((sight) => sight.look === look) })),
    );
    return due.length === limits.endpointLooksMax;
  };
}

interface Wanted {
  readonly look: DueLook;
  readonly endpoint: AgentCertificate;
}

interface Sight extends Wanted {
  /** Null: the endpoint was not reached. */
  readonly seen: EndpointCertificate | null;
}

/** What was seen of one agent; nothing where no endpoint of it has TLS. */
interface Outcome {
  readonly look: DueLook;
  readonly sights: readonly Sight[];
}

async function sightOf(prober: EndpointProber, { look, endpoint }: Wanted): Promise<Sight> {
  const seen = await prober.probe(endpoint.origin, look.tenantId).catch(() => null);
  return { look, endpoint, seen };
}

async function keep(ports: EndpointLookPorts, outcomes: readonly Outcome[]): Promise<void> {
  const settled: SettledLook[] = [];
  const failures: unknown[] = [];
  for (const outcome of outcomes) {
    const failed = await record(ports, outcome.sights);
    if (failed.length === 0) settled.push(settledBy(outcome));
    failures.push(...failed);
  }
  if (settled.length > 0) await ports.looks.settle(settled);
  if (failures.length > 0) throw failures[0];
}

/** Keeps what the endpoints of an agent have shown, one after the other, and resolves with why that of some could not be kept. */
async function record({ endpointCertificates }: EndpointLookPorts, sights: readonly Sight[]): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const { look, endpoint, seen } of sights) {
    try {
      if (seen !== null) await endpointCertificates.record(look.tenantId, endpoint.instanceIds, seen);
    } catch (failure) {
      failures.push(failure);
    }
  }
  return failures;
}

/** The agent is due when the first of its endpoints is; one without TLS shows nothing, and a new place is due at once. */
function settledBy({ look, sights }: Outcome): SettledLook {
  const failures = sights.some(({ seen }) => seen === null) ? look.failures + 1 : 0;
  const dueMs = sights.map(({ seen }) => nextLookMs(seen === null ? failures : 0, seen?.problem ?? null));
  return { look, nextMs: Math.min(limits.endpointLookMs, ...dueMs), failures };
}

/** What is not as it should be is looked at more often; what is away, ever more rarely. */
function nextLookMs(failures: number, problem: string | null): number {
  if (failures === 0) return problem === null ? limits.endpointLookMs : limits.endpointLookSoonMs;
  return Math.min(limits.endpointLookSoonMs * 2 ** (failures - 1), limits.endpointLookMs);
}
