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
  /** The agent; null when it is deregistered. */
  find(look: DueLook): Promise<AgentCertificate | null>;
  /** When the endpoint is due again. */
  settle(look: DueLook, next: { readonly nextMs: number; readonly failures: number }): Promise<void>;
  /** The agent is gone: nothing is known of it, and nothing due. */
  forget(look: DueLook): Promise<void>;
  count(): Promise<CertificateCounts>;
}

export interface EndpointLookPorts {
  readonly looks: EndpointLookStore;
  readonly endpointCertificates: Pick<EndpointCertificateStore, 'record'>;
  readonly prober: EndpointProber;
}

/** Looks at endpoints that are due, some at once. True when there may be more. What fails is due again later. */
export function lookAtEndpoints(ports: EndpointLookPorts): () => Promise<boolean> {
  return async () => {
    const due = await ports.looks.claim(limits.endpointLooksMax);
    await Promise.all(due.map((look) => lookAt(ports, look)));
    return due.length === limits.endpointLooksMax;
  };
}

async function lookAt({ looks, endpointCertificates, prober }: EndpointLookPorts, look: DueLook): Promise<void> {
  const agent = await looks.find(look);
  if (agent === null) return looks.forget(look);
  // It shows none; should the agent move, it is due at once.
  if (!agent.origin.startsWith('https:')) return looks.settle(look, { nextMs: limits.endpointLookMs, failures: 0 });
  const seen = await prober.probe(agent.origin, look.tenantId).catch(() => null);
  if (seen !== null) await endpointCertificates.record(look.tenantId, agent.agentName, seen);
  const failures = seen === null ? look.failures + 1 : 0;
  await looks.settle(look, { nextMs: nextLookMs(failures, seen?.problem ?? null), failures });
}

/** What is not as it should be is looked at more often; what is away, ever more rarely. */
function nextLookMs(failures: number, problem: string | null): number {
  if (failures === 0) return problem === null ? limits.endpointLookMs : limits.endpointLookSoonMs;
  return Math.min(limits.endpointLookSoonMs * 2 ** (failures - 1), limits.endpointLookMs);
}
