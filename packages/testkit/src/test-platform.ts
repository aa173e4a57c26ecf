import { Writable } from 'node:stream';
import { createClient } from '@colloquy/sdk/client';
import type { ColloquyClient } from '@colloquy/sdk/client';
import {
  configOf,
  createLogger,
  createSystemRandom,
  initOperator,
  readEnv,
  secretsOf,
  startPlatform,
  systemClock,
} from '@colloquy/server/test';
import type { Clock, Platform } from '@colloquy/server/test';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

export interface TestPlatformOptions {
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** More variables of the environment, over the test's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Share the database of another test platform: two processes' worth of platform on one database. */
  readonly database?: TestDatabase;
}

/** A tenant with credits and a client that may do everything a tenant's own client can. */
export interface TestTenant {
  readonly slug: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly client: ColloquyClient;
}

/** A whole platform in this process: real database, real HTTP, real tokens. */
export interface TestPlatform extends AsyncDisposable {
  readonly url: string;
  readonly opsUrl: string;
  readonly platform: Platform;
  readonly database: TestDatabase;
  readonly operator: ColloquyClient;
  /** Everything the platform logged so far, as lines of JSON. */
  readonly logLines: readonly string[];
  createTenant(
    slug: string,
    options?: { readonly credits?: number; readonly scopes?: readonly string[] },
  ): Promise<TestTenant>;
  /** A further client of a tenant, with only these scopes. */
  createClient(
    tenantSlug: string,
    name: string,
    scopes: readonly string[],
  ): Promise<ColloquyClient & { readonly clientId: string }>;
}

export const everyTenantScope = [
  'a2a:send',
  'a2a:read',
  'a2a:cancel',
  'agents:write',
  'credits:read',
  'audit:read',
  'tasks:inspect',
  'clients:write',
] as const;

const testKey = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37 + 11) % 256)).toString('base64');

export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const database = options.database ?? (await createTestDatabase());
  const { env, unknown } = readEnv({
    DATABASE_URL: database.adminUrl,
    COLLOQUY_SECRET_KEY: testKey,
    COLLOQUY_HTTP_PORT: '0',
    COLLOQUY_OPS_PORT: '0',
    COLLOQUY_LOG_LEVEL: 'info',
    COLLOQUY_EGRESS_ALLOWED_RANGES: '127.0.0.0/8,::1/128',
    COLLOQUY_NODE_HEARTBEAT_MS: '100',
    COLLOQUY_NODE_FENCE_AFTER_MS: '800',
    COLLOQUY_NODE_DEAD_AFTER_MS: '1200',
    COLLOQUY_NODE_GRACE_MS: '200',
    ...options.env,
  });
  const config = configOf(env, unknown, false);
  const logLines: string[] = [];
  const log = createLogger({ level: config.logLevel, destination: collector(logLines) });
  const random = createSystemRandom();
  const clock = options.clock ?? systemClock;
  const common = { config, secrets: secretsOf(env), clock, random, log };
  const operatorKeys = await initOperator({
    ...common,
    name: `operator-${Buffer.from(random.bytes(4)).toString('hex')}`,
  });
  const platform = await startPlatform(common);
  const operator = createClient({ baseUrl: platform.url, tenant: 'system', ...operatorKeys });
  return {
    url: platform.url,
    opsUrl: platform.opsUrl,
    platform,
    database,
    operator,
    logLines,
    createTenant: (slug, tenant) => createTenant(platform.url, operator, slug, tenant),
    createClient: (tenantSlug, name, scopes) => addClient(platform.url, operator, tenantSlug, { name, scopes }),
    async [Symbol.asyncDispose]() {
      await platform.stop();
      if (options.database === undefined) await database[Symbol.asyncDispose]();
    },
  };
}

async function createTenant(
  url: string,
  operator: ColloquyClient,
  slug: string,
  options: { readonly credits?: number; readonly scopes?: readonly string[] } = {},
): Promise<TestTenant> {
  await operator.admin.tenants.create({ slug, name: slug });
  const credits = options.credits ?? 1_000_000_000;
  if (credits > 0) await operator.admin.forTenant(slug).credits.grant({ amountMicrocredits: credits });
  const scopes = [...(options.scopes ?? everyTenantScope)];
  const { clientId, clientSecret } = await operator.admin.forTenant(slug).clients.create({ name: 'all', scopes });
  return { slug, clientId, clientSecret, client: createClient({ baseUrl: url, tenant: slug, clientId, clientSecret }) };
}

async function addClient(
  url: string,
  operator: ColloquyClient,
  tenant: string,
  wish: { readonly name: string; readonly scopes: readonly string[] },
): Promise<ColloquyClient & { readonly clientId: string }> {
  const { clientId, clientSecret } = await operator.admin
    .forTenant(tenant)
    .clients.create({ ...wish, scopes: [...wish.scopes] });
  return { ...createClient({ baseUrl: url, tenant, clientId, clientSecret }), clientId };
}

function collector(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(
        ...chunk
          .toString()
          .split('\n')
          .filter((line) => line !== ''),
      );
      done();
    },
  });
}
