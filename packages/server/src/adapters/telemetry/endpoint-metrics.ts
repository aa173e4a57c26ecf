import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** How many certificates are how. */
export type CertificateStates = Readonly<Record<'refused' | 'ended' | 'ending' | 'fine', number>>;

/** Exposes the state of the certificates of agents' endpoints over all tenants: every worker reports the same values. */
export function registerEndpointMetrics(registry: Registry, read: () => CertificateStates | null): void {
  const states = new Gauge({
    name: 'colloquy_endpoint_certificates',
    help: "Certificates of agents' endpoints by state; the same from every worker, so take the largest and not the sum.",
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(read() ?? {})) states.set({ state }, count);
    },
  });
}
