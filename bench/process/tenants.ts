import type { AdminApi, ClientCredentials } from './admin-api.ts';

/** A tenant made for a run, with a program of its own that may send and read. */
export interface RunTenant {
  readonly slug: string;
  readonly client: ClientCredentials;
  readonly grantMicrocredits: number;
}

/** An agent to register in a tenant. */
export interface AgentRegistration {
  readonly name: string;
  readonly cardUrl: string;
  readonly priceMicrocredits: number;
  readonly idempotent: boolean;
  /** What is said of it beside its card. */
  readonly profile?: { readonly slotsMax: number };
}

/** Creates a tenant with credits, a client and its agents. `operator` must be an operator's. */
export async function createTenant(
  operator: AdminApi,
  slug: string,
  options: {
    readonly grantMicrocredits: number;
    readonly agents: readonly AgentRegistration[];
    readonly tokenBinding?: 'none' | 'certificate';
  },
): Promise<RunTenant> {
  await operator.post('/tenants', { slug, name: slug });
  const { grantMicrocredits, tokenBinding = 'none' } = options;
  await operator.post(`/tenants/${slug}/credits/grants`, { amountMicrocredits: grantMicrocredits });
  for (const agent of options.agents) await operator.post(`/tenants/${slug}/agents`, agent);
  const scopes = ['a2a:send', 'a2a:read', 'a2a:cancel', 'credits:read', 'audit:read', 'tasks:inspect'];
  const client = await operator.post<ClientCredentials>(`/tenants/${slug}/clients`, {
    name: 'load',
    scopes,
    tokenBinding,
  });
  return { slug, client, grantMicrocredits };
}

/** Path of an agent's A2A base. */
export const agentPath = (slug: string, agent: string): string => `/t/${slug}/agents/${agent}`;
