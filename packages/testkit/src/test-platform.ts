import { Writable } from 'node:stream';
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
import { testEnvironment } from './test-environment.ts';
import { addClient, clientAt, createTenant } from './test-tenants.ts';
import type { TestCredentials, TestTenant } from './test-tenants.ts';

export interface TestPlatformOptions {
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** More variables of the environment, over the test's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Share the database of another test platform: two processes' worth of platform on one database. */
  readonly database?: TestDatabase;
}

/** A whole platform in this process: real database, real HTTP, real tokens. */
export interface TestPlatform extends AsyncDisposable {
  /** Where this node listens. Its public address may be another: that of all nodes together. */
  readonly url: string;
  readonly opsUrl: string;
  readonly platform: Platform;
  readonly database: TestDatabase;
  readonly operator: ColloquyClient;
  /** What the operator proves itself with. */
  readonly operatorCredentials: TestCredentials;
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
  /** A client, made at whichever node of this database, that calls this one. */
  clientOf(credentials: TestCredentials): ColloquyClient;
}

export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const database = options.database ?? (await createTestDatabase());
  const { env, unknown } = readEnv(testEnvironment(database, options.env));
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
  const url = platform.localUrl;
  const operatorCredentials = { slug: 'system', ...operatorKeys };
  const operator = clientAt(url, operatorCredentials);
  return {
    url,
    opsUrl: platform.opsUrl,
    platform,
    database,
    operator,
    operatorCredentials,
    logLines,
    createTenant: (slug, tenant) => createTenant(url, operator, slug, tenant),
    createClient: (tenantSlug, name, scopes) => addClient(url, operator, tenantSlug, { name, scopes }),
    clientOf: (credentials) => clientAt(url, credentials),
    async [Symbol.asyncDispose]() {
      await platform.stop();
      if (options.database === undefined) await database[Symbol.asyncDispose]();
    },
  };
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
