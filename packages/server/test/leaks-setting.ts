import { randomUUID } from 'node:crypto';
import { SseParser } from '@colloquy/protocol/sse';
import { createTestDatabase, startDatabaseProxy, startTestPlatform } from '@colloquy/testkit';
import type { DatabaseProxy, Output, TestDatabase, TestPlatform, TestTenant } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';

/** A tenant all of whose words can be recognized, and everything it was answered. */
export interface MarkedTenant {
  readonly tenant: TestTenant;
  /** In every text that the tenant says or owns, addresses aside: those others may know. */
  readonly marker: string;
  /** `/t/{tenant}/agents/helper`. */
  readonly address: string;
  readonly answers: Output[];
  /** Calls the platform with the tenant's token and records the answer, whatever it is. */
  call(method: string, path: string, options?: CallOptions): Promise<string>;
}

export interface CallOptions {
  readonly json?: unknown;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null sends none. Default: the tenant's own. */
  readonly token?: string | null;
}

export interface LeakSetting extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly proxy: DatabaseProxy;
  readonly database: TestDatabase;
  newTenant(slug: string, marker: string): Promise<MarkedTenant>;
  /** Runs a statement as the owner of the database. */
  administer(sql: string): Promise<void>;
  /** What those who run the platform can read. */
  operations(): Promise<readonly Output[]>;
}

const silenceMs = 8_000;

export async function startLeakSetting(): Promise<LeakSetting> {
  const database = await createTestDatabase();
  const proxy = await startDatabaseProxy(database.adminUrl);
  const pool = createPool({ url: database.adminUrl, connectionsMax: 1, applicationName: 'leaks-test' });
  const platform = await startTestPlatform({
    database: { ...database, adminUrl: proxy.url },
    env: { COLLOQUY_LOG_LEVEL: 'debug' },
  });
  return {
    platform,
    proxy,
    database,
    newTenant: (slug, marker) => markedTenant(platform, slug, marker),
    administer: async (sql) => void (await pool.query(sql)),
    operations: async () => [
      ...(await Promise.all(
        [
          `${platform.opsUrl}/metrics`,
          `${platform.opsUrl}/ready`,
          `${platform.url}/health`,
          `${platform.url}/ready`,
        ].map(async (url) => ({ where: url, text: await (await fetch(url)).text() })),
      )),
      ...platform.logLines.map((text) => ({ where: 'the log', text })),
    ],
    async [Symbol.asyncDispose]() {
      await pool.end();
      await platform[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function markedTenant(platform: TestPlatform, slug: string, marker: string): Promise<MarkedTenant> {
  const tenant = await platform.createTenant(slug);
  const own = await tenant.client.token();
  const answers: Output[] = [];
  const call: MarkedTenant['call'] = async (method, path, { json, body, headers, token = own } = {}) => {
    const content = body ?? (json === undefined ? undefined : JSON.stringify(json));
    const response = await fetch(platform.url + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        'content-type': 'application/json',
        'a2a-version': '1.0',
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
      redirect: 'manual',
      signal: AbortSignal.timeout(silenceMs),
    });
    const text = await readText(response);
    const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    answers.push({ where: `${method} ${path} → ${response.status}`, text: `${head}\n\n${shownOnce(text)}` });
    return text;
  };
  return { tenant, marker, address: `/t/${slug}/agents/helper`, answers, call };
}

/** The body; of a stream, what came before its first status that ends it or asks. */
async function readText(response: Response): Promise<string> {
  if (response.headers.get('content-type') !== 'text/event-stream') return response.text();
  const parser = new SseParser({ eventBytesMax: 1024 * 1024 });
  let text = '';
  for await (const bytes of response.body ?? []) {
    const events = parser.push(bytes as Uint8Array);
    text += events.map(({ event, data }) => `${event}: ${data}\n`).join('');
    if (/COMPLETED|FAILED|CANCELED|INPUT_REQUIRED/.test(text)) break;
  }
  return text;
}

/** What was asked for is no leak: a token of one's own, and the one showing of a secret. */
function shownOnce(text: string): string {
  return text.replace(/"(access_token|clientSecret)":"[^"]*"/, '"$1":""');
}

/** A message every text of which carries the marker. */
export function markedMessage(marker: string, words: string, over: object = {}): object {
  return {
    message: {
      messageId: `${marker}-${randomUUID()}`,
      contextId: `${marker}-context`,
      role: 'ROLE_USER',
      parts: [{ text: `${words} ${marker}` }, { data: { [marker]: marker } }],
      metadata: { note: marker },
      ...over,
    },
    metadata: { request: marker },
  };
}
