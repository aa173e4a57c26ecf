/**
 * Guarantee (T17): whatever is behind an address that a caller names, a failure to read it is one answer, told after one time. Neither says
 * whether a host or a port exists. Of a card's address the cause is told once it is known that the tenant may call it; a name that does not
 * exist and one that leads to a forbidden address stay alike.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import { createIssuerExaminer } from '../src/adapters/issuers/index.ts';
import { EgressGuard } from '../src/adapters/upstream/egress-guard.ts';
import type { ResolveHost } from '../src/adapters/upstream/egress-guard.ts';
import { createEvenFailures } from '../src/adapters/upstream/even-failures.ts';
import { createCardSource } from '../src/adapters/upstream/fetch-card.ts';
import { createIssuerDocuments } from '../src/adapters/upstream/fetch-document.ts';
import { createEndpointProber } from '../src/adapters/upstream/probe-endpoint.ts';
import { createWebhookSender, WebhookSigner } from '../src/adapters/webhooks/index.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { idOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import type { WebhookLine } from '../src/modules/deliveries/index.ts';

const tenantId = idOf('tnt', '0'.repeat(32));
const bounds = { cardBytesMax: limits.cardBytesMax, cardFetchMs: 200 };
const receiverMs = 200;

/** What a name leads to; the ports are those of the listeners below. */
const names: Readonly<Record<string, readonly string[]>> = {
  'private.example': ['10.0.0.1'],
  'mixed.example': ['127.0.0.1', '10.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'here.example': ['127.0.0.1'],
  'nothing.example': [],
};

const resolve: ResolveHost = (host, done) => {
  const found = names[host];
  if (found === undefined) return done(new Error('ENOTFOUND'), []);
  done(
    null,
    found.map((address) => ({ address, family: 4 })),
  );
};

/** Answers of an open port. */
const answers: Readonly<Record<string, (socket: Socket) => void>> = {
  silent: () => undefined,
  broken: (socket) => void socket.destroy(),
  'of another protocol': (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  forbidden: (socket) => void socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'),
  redirect: (socket) => void socket.end('HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 0\r\n\r\n'),
  page: (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>'),
  document: (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{"name":"x"}'),
};

/** What a field is tried on. */
interface Trial {
  readonly clock: FakeClock;
  readonly guards: { forTenant(): Promise<EgressGuard> };
}

/** How the platform reads a field that names `host:port`. */
interface FieldTrial {
  readonly bucketMs: number;
  /** Tells the status of an answer, which is no failure to read. */
  readonly hasStatus?: boolean;
  /** Resolves with what the caller sees of a failure. */
  readonly read: (trial: Trial, place: string) => Promise<unknown>;
}

type Shown = Pick<PlatformError, 'code' | 'kind' | 'message' | 'details' | 'violations' | 'retry'>;

const shown = (error: unknown): Shown => {
  assert.ok(error instanceof PlatformError);
  const { code, kind, message, details, violations, retry } = error;
  return { code, kind, message, details, violations, retry };
};

const call = {
  deliveryId: `dlv_${'1'.repeat(32)}`,
  taskId: idOf('tsk', '2'.repeat(32)),
  subscriptionId: '3'.repeat(32),
  secretGenerations: [1],
  configId: 'config',
  protocolVersion: '1.0',
  json: '{}',
  task: null,
  token: null,
  authorization: null,
};

const lineTo = ({ clock, guards }: Trial, url: string) =>
  createWebhookSender({
    guards,
    signer: new WebhookSigner(Buffer.alloc(32, 1)),
    signDelegation: () => 'token',
    clock,
    answerMs: receiverMs,
    connectMs: receiverMs,
    answerBytesMax: 1_024,
  }).open(url, tenantId);

const signal = new AbortController().signal;
const fields = {
  card: {
    bucketMs: limits.addressFailureMs,
    read: ({ clock, guards }, place) =>
      createCardSource({ guards, bounds, failures: createEvenFailures(clock) })
        .fetchCard(`http://${place}/`, { tenantId, isOperator: false })
        .catch(shown),
  },
  issuer: {
    bucketMs: limits.addressFailureMs,
    read: (trial, place) =>
      examinerOn(trial)
        .examine({ tenantId, issuer: `http://${place}` })
        .catch(shown),
  },
  endpoint: {
    bucketMs: limits.addressFailureMs,
    read: ({ clock, guards }, place) =>
      createEndpointProber({ guards, bounds, failures: createEvenFailures(clock) })
        .probe(`https://${place}`, tenantId)
        .catch(shown),
  },
  challenge: {
    bucketMs: receiverMs + limits.addressFailureSlackMs,
    read: (trial, place) => told(trial, place, (line) => line.challenge('token', signal)),
  },
  notification: {
    bucketMs: receiverMs + limits.addressFailureSlackMs,
    hasStatus: true,
    read: (trial, place) => told(trial, place, async (line) => (await line.notify({ ...call, signal })).kind),
  },
} satisfies Readonly<Record<string, FieldTrial>>;

async function told<Said>(trial: Trial, place: string, say: (line: WebhookLine) => Promise<Said>): Promise<Said> {
  const line = lineTo(trial, `http://${place}/hook`);
  try {
    return await say(line);
  } finally {
    line.close();
  }
}

function examinerOn({ clock, guards }: Trial) {
  const documents = createIssuerDocuments(guards);
  const checkAddress = async (url: string): Promise<void> => void (await guards.forTenant()).checkUrl(url);
  return createIssuerExaminer({ documents, checkAddress, failures: createEvenFailures(clock), clock });
}

describe('an address that a caller names', () => {
  const servers: Server[] = [];
  /** What is there, and where. */
  const places = new Map<string, string>();

  before(async () => {
    for (const [what, answer] of Object.entries(answers)) places.set(`a port that is ${what}`, await listen(answer));
    const closed = await listen(answers['silent']);
    await new Promise((resolved) => servers.pop()?.close(resolved));
    places.set('a closed port', closed);
    places.set('a closed port by its name', closed.replace('127.0.0.1', 'here.example'));
    for (const name of [...Object.keys(names), 'unknown.example'])
      if (name !== 'here.example') places.set(name, `${name}:9000`);
  });
  after(() => servers.forEach((server) => server.close()));

  async function listen(answer: ((socket: Socket) => void) | undefined): Promise<string> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined).on('data', () => answer?.(socket)));
    });
    server.on('close', () => sockets.forEach((socket) => socket.destroy()));
    servers.push(server);
    await new Promise<void>((resolved) => server.listen(0, '127.0.0.1', resolved));
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    return `127.0.0.1:${address.port}`;
  }

  async function tellsOf(trial: FieldTrial): Promise<Map<string, Told>> {
    const told = new Map<string, Told>();
    await Promise.all(
      [...places].map(async ([what, place]) => {
        if (trial.hasStatus !== true || !isHttp(what)) told.set(what, await tryOn(trial, place));
      }),
    );
    return told;
  }

  async function failsAlike(trial: FieldTrial): Promise<void> {
    const told = await tellsOf(trial);
    assert.ok(told.size >= 9);
    const first = told.get('a closed port');
    assert.equal(first?.tookMs, trial.bucketMs);
    for (const [what, other] of told) assert.deepEqual(other, first, what);
  }

  const hidden = ['private.example', 'mixed.example', 'metadata.example', 'nothing.example', 'unknown.example'];

  it('fails in one way and after one time: a card at a name that does not exist, or leads to a forbidden address', async () => {
    const told = await tellsOf(fields.card);
    for (const name of hidden) {
      const place = `http://${name}:9000/`;
      const { seen, tookMs } = told.get(name) ?? assert.fail(name);
      assert.equal(tookMs, limits.addressFailureMs);
      const [{ details, message, ...rest }, first] = [facts(seen), facts(told.get('unknown.example')?.seen)];
      assert.deepEqual(details, { cause: 'host-unusable', url: place });
      assert.equal(message.replace(place, ''), first.message.replace('http://unknown.example:9000/', ''));
      assert.deepEqual({ ...rest, details: {}, message: '' }, { ...first, details: {}, message: '' });
    }
  });

  it('tells at once what happened at an address that the tenant may call: of a card', async () => {
    const told = await tellsOf(fields.card);
    const causes = Object.fromEntries([...told].map(([what, { seen }]) => [what, facts(seen).details['cause']]));
    for (const name of hidden) delete causes[name];
    assert.deepEqual(causes, {
      'a port that is silent': 'timeout',
      'a port that is broken': 'connection-failed',
      'a port that is of another protocol': 'connection-failed',
      'a port that is forbidden': 'http-status',
      'a port that is redirect': 'redirect',
      'a port that is page': 'not-json',
      'a port that is document': 'not-a-card',
      'a closed port': 'connection-refused',
      'a closed port by its name': 'connection-refused',
    });
    for (const what of Object.keys(causes)) assert.ok((told.get(what)?.tookMs ?? Infinity) < limits.addressFailureMs);
  });

  it('fails in one way and after one time: an external issuer', () => failsAlike(fields.issuer));
  it('fails in one way and after one time: the endpoint of an agent', () => failsAlike(fields.endpoint));
  it('fails in one way and after one time: the challenge of a receiver', () => failsAlike(fields.challenge));
  it('fails in one way and after one time: a notification without an answer', () => failsAlike(fields.notification));

  it('is refused at once, without a connection, when its text is forbidden', async () => {
    const trial = newTrial();
    for (const [field, { read }] of Object.entries(fields)) {
      const before = trial.clock.monotonicMs();
      const seen = await read(trial, '169.254.169.254:80');
      assert.ok(refusals.has(codeOf(seen)), field);
      assert.equal(trial.clock.monotonicMs(), before);
    }
  });
});

const facts = (seen: unknown): Shown => {
  assert.ok(typeof seen === 'object' && seen !== null && 'details' in seen);
  return seen as Shown;
};
const isHttp = (what: string): boolean => /forbidden|redirect|page|document/.test(what);
const refusals: ReadonlySet<unknown> = new Set(['egress.refused', 'address-refused', false]);
const codeOf = (seen: unknown): unknown =>
  typeof seen === 'object' && seen !== null && 'code' in seen ? seen.code : seen;

function newTrial(): Trial {
  const policy = { allowedRanges: ['127.0.0.0/8'], allowedHosts: [], ownPorts: () => new Set<number>() };
  const guard = new EgressGuard({ ...policy, ownAddresses: () => [] }, resolve);
  return { clock: new FakeClock(0), guards: { forTenant: () => Promise.resolve(guard) } };
}

/** What a caller sees, and when. */
interface Told {
  readonly seen: unknown;
  readonly tookMs: number;
}

/** Advances time, a little before each check, until the field has failed. */
async function tryOn({ read }: FieldTrial, place: string): Promise<Told> {
  const trial = newTrial();
  const failed = read(trial, place).then((seen) => ({ seen, tookMs: trial.clock.monotonicMs() }));
  let result: Awaited<typeof failed> | undefined;
  void failed.then((outcome) => (result = outcome));
  return eventually('a failure', async () => {
    await new Promise((resolved) => setImmediate(resolved));
    await trial.clock.advance(100);
    return result;
  });
}
