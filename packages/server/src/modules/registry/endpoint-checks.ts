import type { AgentId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { EndpointCertificateStore, EndpointProber } from './endpoint-certificate-store.ts';
import { hasTls } from './endpoint-certificate.ts';
import type { AgentCertificate, EndpointCertificate } from './endpoint-certificate.ts';
import { probeEach } from './probe-endpoints.ts';

/** A due check of the endpoints of an agent, claimed by one worker. */
export interface DueCheck {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  /** Consecutive earlier checks that did not reach every endpoint. */
  readonly failures: number;
}

/** The outcome of a check: when the agent is due again, and how many consecutive checks did not reach every endpoint. */
export interface SettledCheck {
  readonly check: DueCheck;
  readonly nextMs: number;
  readonly failures: number;
}

/** Certificates of endpoints by state, over all tenants; each is counted in one state. */
export interface CertificateCounts {
  /** Public certificate authorities do not vouch for them. */
  readonly refused: number;
  readonly ended: number;
  /** They end within `limits.certificateWarningMs`. */
  readonly ending: number;
  readonly fine: number;
}

/**
 * The schedule of endpoint checks. Promises of an implementation: a claimed check belongs to one worker for
 * `limits.endpointCheckClaimMs`; every method rejects with `platform.unavailable` when the database is away.
 */
export interface EndpointCheckStore {
  /** Claims due checks for the caller, the longest due first, at most `checksMax`. */
  claim(checksMax: number): Promise<readonly DueCheck[]>;
  /** The endpoints of the agents, in the order of the checks; none for an agent that is deregistered. */
  find(checks: readonly DueCheck[]): Promise<readonly (readonly AgentCertificate[])[]>;
  /** Writes all outcomes or none. Agents that are gone by now are skipped. */
  settle(settled: readonly SettledCheck[]): Promise<void>;
  /** Deletes the schedule and the certificates of agents that are gone. All or none. */
  forget(checks: readonly DueCheck[]): Promise<void>;
  count(): Promise<CertificateCounts>;
}

export interface EndpointCheckPorts {
  readonly checks: EndpointCheckStore;
  readonly endpointCertificates: Pick<EndpointCertificateStore, 'record'>;
  readonly prober: EndpointProber;
}

/**
 * Checks the endpoints of agents that are due, several at a time. Resolves with true when more may be due. The checks share a few
 * transactions, one at a time: a transaction for each check would take the connections that callers need. When the result for an endpoint
 * can not be written, its agent is due again once the claim expires and the other agents are settled; the promise then rejects with the first such failure.
 */
export function checkEndpoints(ports: EndpointCheckPorts): () => Promise<boolean> {
  const { checks, prober } = ports;
  return async () => {
    const due = await checks.claim(limits.endpointChecksMax);
    if (due.length === 0) return false;
    const endpointsOf = await checks.find(due);
    const found = due.map((check, at) => ({ check, endpoints: endpointsOf[at] ?? [] }));
    const gone = found.filter(({ endpoints }) => endpoints.length === 0);
    if (gone.length > 0) await checks.forget(gone.map(({ check }) => check));
    const results = await probeEach(
      found.flatMap(({ check, endpoints }) => endpoints.filter(hasTls).map((endpoint) => ({ check, endpoint }))),
      (wanted) => probeEndpoint(prober, wanted),
    );
    const here = found.filter(({ endpoints }) => endpoints.length > 0);
    await keep(
      ports,
      here.map(({ check }) => ({ check, results: results.filter((result) => result.check === check) })),
    );
    return due.length === limits.endpointChecksMax;
  };
}

interface Wanted {
  readonly check: DueCheck;
  readonly endpoint: AgentCertificate;
}

interface ProbeResult extends Wanted {
  /** Null: the endpoint was not reached. */
  readonly seen: EndpointCertificate | null;
}

/** The probe results of one agent; empty when none of its endpoints has TLS. */
interface Outcome {
  readonly check: DueCheck;
  readonly results: readonly ProbeResult[];
}

async function probeEndpoint(prober: EndpointProber, { check, endpoint }: Wanted): Promise<ProbeResult> {
  const seen = await prober.probe(endpoint.origin, check.tenantId).catch(() => null);
  return { check, endpoint, seen };
}

async function keep(ports: EndpointCheckPorts, outcomes: readonly Outcome[]): Promise<void> {
  const settled: SettledCheck[] = [];
  const failures: unknown[] = [];
  for (const outcome of outcomes) {
    const failed = await record(ports, outcome.results);
    if (failed.length === 0) settled.push(settledBy(outcome));
    failures.push(...failed);
  }
  if (settled.length > 0) await ports.checks.settle(settled);
  if (failures.length > 0) throw failures[0];
}

/** Stores the certificates of an agent's endpoints, one after the other. Resolves with the failures. */
async function record(
  { endpointCertificates }: EndpointCheckPorts,
  results: readonly ProbeResult[],
): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const { check, endpoint, seen } of results) {
    try {
      if (seen !== null) await endpointCertificates.record(check.tenantId, endpoint.instanceIds, seen);
    } catch (failure) {
      failures.push(failure);
    }
  }
  return failures;
}

/** The agent is due again when the first of its endpoints is. An endpoint without TLS has no certificate to check. */
function settledBy({ check, results }: Outcome): SettledCheck {
  const failures = results.some(({ seen }) => seen === null) ? check.failures + 1 : 0;
  const dueMs = results.map(({ seen }) => nextCheckMs(seen === null ? failures : 0, seen?.problem ?? null));
  return { check, nextMs: Math.min(limits.endpointCheckMs, ...dueMs), failures };
}

/** A bad certificate is checked more often; an unreachable endpoint backs off exponentially. */
function nextCheckMs(failures: number, problem: string | null): number {
  if (failures === 0) return problem === null ? limits.endpointCheckMs : limits.endpointRecheckMs;
  return Math.min(limits.endpointRecheckMs * 2 ** (failures - 1), limits.endpointCheckMs);
}
