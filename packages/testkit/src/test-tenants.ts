import { createClient } from '@colloquy/sdk/client';
import type { ColloquyClient } from '@colloquy/sdk/client';

/** A tenant with credits and a client that may do everything a tenant's own client can. */
export interface TestTenant {
  readonly slug: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly client: ColloquyClient;
}

/** What a client of a tenant proves itself with; the same at every node. */
export type TestCredentials = Pick<TestTenant, 'slug' | 'clientId' | 'clientSecret'>;

export const everyTenantScope = [
  'a2a:send',
  'a2a:read',
  'a2a:cancel',
  'acp:run',
  'acp:read',
  'acp:cancel',
  'agents:write',
  'agents:approve',
  'credits:read',
  'audit:read',
  'audit:erase',
  'tasks:inspect',
  'clients:write',
  'deliveries:read',
  'deliveries:write',
  'grants:write',
  'agents:serve',
  'stops:write',
] as const;

/** A caller of the node that listens at `url`. */
export function clientAt(url: string, { slug, clientId, clientSecret }: TestCredentials): ColloquyClient {
  return createClient({ baseUrl: url, tenant: slug, clientId, clientSecret });
}

export async function createTenant(
  url: string,
  operator: ColloquyClient,
  slug: string,
  options: { readonly credits?: number; readonly scopes?: readonly string[] } = {},
): Promise<TestTenant> {
  await operator.admin.createTenant({ body: { slug, name: slug } });
  const credits = options.credits ?? 1_000_000_000;
  if (credits > 0) await operator.admin.forTenant(slug).grantCredits({ body: { amountMicrocredits: credits } });
  const scopes = [...(options.scopes ?? everyTenantScope)];
  const { clientId, clientSecret } = await operator.admin
    .forTenant(slug)
    .createClient({ body: { name: 'all', scopes } });
  const credentials = { slug, clientId, clientSecret };
  return { ...credentials, client: clientAt(url, credentials) };
}

export async function addClient(
  url: string,
  operator: ColloquyClient,
  slug: string,
  client: { readonly name: string; readonly scopes: readonly string[] },
): Promise<ColloquyClient & { readonly clientId: string }> {
  const { clientId, clientSecret } = await operator.admin
    .forTenant(slug)
    .createClient({ body: { ...client, scopes: [...client.scopes] } });
  return { ...clientAt(url, { slug, clientId, clientSecret }), clientId };
}
