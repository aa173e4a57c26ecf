import { randomBytes } from 'node:crypto';
import { ColloquyError, createClient } from '@colloquy/sdk/client';
import type { ColloquyClient } from '@colloquy/sdk/client';
import { readDemoState, writeDemoState } from './demo-state.ts';
import type { Credentials } from './demo-state.ts';
import { createOperator, sampleAgents } from './system.ts';

/** A tenant of the demo and a client that acts in it. */
export interface DemoTenant {
  readonly slug: string;
  readonly credentials: Credentials;
  readonly client: ColloquyClient;
}

const tenants = [
  { slug: 'acme', name: 'Acme Ltd' },
  { slug: 'globex', name: 'Globex Corporation' },
] as const;
const scopes = ['a2a:send', 'a2a:read', 'a2a:cancel', 'agents:write', 'credits:read', 'audit:read', 'tasks:inspect'];
const operatorsTenant = 'system';
const grantMicrocredits = 500_000_000;
const enoughMicrocredits = 200_000_000;

/** Where the demo's platform is. */
export interface SeedOptions {
  readonly url: string;
  readonly dataDir: string;
}

/** Two tenants with a client and enough credits each. What an earlier start made is used again. */
export async function seedTenants(options: SeedOptions): Promise<readonly [DemoTenant, DemoTenant]> {
  const operator = await operatorClient(options);
  const [first, second] = tenants;
  return [await seedTenant(options, operator, first), await seedTenant(options, operator, second)];
}

async function operatorClient({ url, dataDir }: SeedOptions): Promise<ColloquyClient> {
  const known = readDemoState(dataDir).operator;
  const works = known !== undefined && (await getsToken(clientOf(url, operatorsTenant, known)));
  const credentials = works ? known : await createOperator(dataDir, uniqueName());
  if (!works) writeDemoState(dataDir, { ...readDemoState(dataDir), operator: credentials });
  return clientOf(url, operatorsTenant, credentials);
}

async function seedTenant(
  { url, dataDir }: SeedOptions,
  operator: ColloquyClient,
  tenant: (typeof tenants)[number],
): Promise<DemoTenant> {
  const { slug } = tenant;
  await operator.admin.createTenant({ body: tenant }).catch(unlessItIs('tenancy.tenant-exists'));
  const admin = operator.admin.forTenant(slug);
  const known = readDemoState(dataDir).clients[slug];
  const works = known !== undefined && (await getsToken(clientOf(url, slug, known)));
  const credentials = works ? known : await admin.createClient({ body: { name: uniqueName(), scopes } });
  if (!works) {
    const { clientId, clientSecret } = credentials;
    const state = readDemoState(dataDir);
    writeDemoState(dataDir, { ...state, clients: { ...state.clients, [slug]: { clientId, clientSecret } } });
  }
  const { availableMicrocredits } = await admin.readBalance();
  if (availableMicrocredits < enoughMicrocredits)
    await admin.grantCredits({ body: { amountMicrocredits: grantMicrocredits } });
  return { slug, credentials, client: clientOf(url, slug, credentials) };
}

/** Registers the sample agents at their present addresses. */
export async function registerAgents(tenant: DemoTenant, addresses: ReadonlyMap<string, string>): Promise<void> {
  const { admin } = tenant.client;
  const register = async ({ name, ...settings }: (typeof sampleAgents)[number]): Promise<void> => {
    const cardUrl = new URL('/.well-known/agent-card.json', addresses.get(name)).href;
    await admin.deregisterAgent({ agent: name }).catch(unlessItIs('registry.agent-unknown'));
    await admin.registerAgent({ body: { name, cardUrl, ...settings } });
  };
  await Promise.all(sampleAgents.map(register));
}

function clientOf(url: string, tenant: string, { clientId, clientSecret }: Credentials): ColloquyClient {
  return createClient({ baseUrl: url, tenant, clientId, clientSecret });
}

async function getsToken(client: ColloquyClient): Promise<boolean> {
  const token = await client.token().catch(unlessItIs('access.unauthenticated'));
  return token !== undefined;
}

function unlessItIs(code: string) {
  return (error: unknown): undefined => {
    if (error instanceof ColloquyError && error.code === code) return undefined;
    throw error;
  };
}

/** Names of operators and clients are taken for ever, and the demo may have lost the secret of an earlier one. */
function uniqueName(): string {
  return `demo-${randomBytes(4).toString('hex')}`;
}
