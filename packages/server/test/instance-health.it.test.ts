/**
 * Guarantee: every node learns that an instance dies, hangs or answers errors, with the reason, and learns that it is back; an instance that
 * runs an agent of the SDK registers and leaves by itself, and its leaving never cuts off a task that it works on.
 * Spec: docs/specs/instances.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer, PresenceOptions } from '@colloquy/sdk/agent';
import type { ColloquyClient, Instance } from '@colloquy/sdk/client';
import { eventually, grpcHead, http, startRawAgent, startRawGrpcAgent, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { createInstanceProber } from '../src/adapters/upstream/instance-prober.ts';
import { EgressGuard } from '../src/adapters/upstream/egress-guard.ts';
import type { InstanceProbe } from '../src/modules/instances/index.ts';
import { laptopGuard } from './upstream-setting.ts';

const card = { name: 'Worker', description: 'Works.', skills: [{ id: 'work' }] };
const intervalMs = 1_000;
const quick = { kind: 'wire', intervalMs, timeoutMs: 300, unhealthyAfter: 2, healthyAfter: 1 } as const;

describe('instances that are watched', { concurrency: true }, () => {
  let platform: TestPlatform;
  let other: TestPlatform;
  let tenant: TestTenant;
  let host: ColloquyClient;
  let agents = 0;

  before(async () => {
    const env = { COLLOQUY_PUBLIC_URL: 'http://127.0.0.1:4999' };
    platform = await startTestPlatform({ env });
    other = await startTestPlatform({ env, database: platform.database });
    tenant = await platform.createTenant('acme', { credits: 1_000 });
    host = await platform.createClient('acme', 'host', ['agents:serve']);
  });
  after(async () => {
    await other?.[Symbol.asyncDispose]();
    await platform?.[Symbol.asyncDispose]();
  });

  const admin = () => platform.clientOf(tenant).admin;
  /** A new agent whose card leads to `url`. */
  async function register(url: string): Promise<string> {
    agents += 1;
    const name = `agent-${String(agents)}`;
    const interfaces = [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }];
    const shape = {
      version: '1',
      capabilities: {},
      defaultInputModes: ['text/plain'],
      defaultOutputModes: ['text/plain'],
    };
    const skills = [{ id: 'work', name: 'work', description: '', tags: [] }];
    await admin().registerAgent({
      body: {
        name,
        card: { ...shape, name, description: '', skills, supportedInterfaces: interfaces },
        priceMicrocredits: 1,
      },
    });
    return name;
  }
  const only = async (agent: string): Promise<Instance> => {
    const { items } = await admin().listInstances({ agent });
    const [instance] = items;
    assert.ok(instance !== undefined);
    return instance;
  };
  const healthOf = async (agent: string): Promise<string> => {
    const { health } = await only(agent);
    return health.reason === undefined ? health.state : `${health.state} ${health.reason}`;
  };
  const becomes = (agent: string, wanted: string): Promise<unknown> =>
    eventually(`${agent} is ${wanted}`, async () => (await healthOf(agent)) === wanted, 15_000);

  it('INSTANCE-7 by probes are unhealthy when they answer errors, and healthy again when they do not; each change is an event', async () => {
    let status = 200;
    await using agent = await startRawAgent((socket) =>
      socket.end(`HTTP/1.1 ${String(status)} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`),
    );
    const name = await register(agent.url);
    await admin().setProbePolicy({ agent: name, body: quick });
    await becomes(name, 'healthy');
    const probesBefore = agent.requests.length;
    assert.ok(agent.requests.every(({ head }) => head.startsWith('GET /.well-known/agent-card.json')));
    assert.ok(agent.requests.every(({ headers }) => !headers.has('authorization')));
    status = 500;
    await becomes(name, 'unhealthy probe.status-500');
    assert.equal((await other.clientOf(tenant).admin.getAgentHealth({ agent: name })).state, 'unhealthy');
    status = 404;
    await becomes(name, 'healthy');
    assert.ok(agent.requests.length > probesBefore);
    const { instanceId } = await only(name);
    const { items } = await admin().listInstanceEvents({ agent: name, instance: instanceId });
    const states = items.filter(({ kind }) => kind === 'health').map(({ state }) => state);
    assert.deepEqual(states.toReversed(), ['healthy', 'unhealthy', 'healthy']);
  });

  it('INSTANCE-8 by several workers are asked once for each probe that is due', async () => {
    await using agent = await startRawAgent((socket) => socket.end(http('{}')));
    const name = await register(agent.url);
    await admin().setProbePolicy({ agent: name, body: quick });
    await becomes(name, 'healthy');
    const [first, startedAt] = [agent.requests.length, performance.now()];
    await eventually('it is asked again', async () => agent.requests.length > first, 10_000);
    const intervals = (performance.now() - startedAt) / intervalMs;
    assert.ok(agent.requests.length - first <= Math.ceil(intervals) + 1, `${String(agent.requests.length)} probes`);
  });

  it('INSTANCE-9 that cannot be reached are unhealthy from the first check on, with the same reason whatever is at the address', async () => {
    const gone = await startRawAgent(() => undefined);
    const closed = gone.url;
    await gone[Symbol.asyncDispose]();
    await using silent = await startRawAgent(() => undefined);
    for (const url of [closed, silent.url, 'http://no-such-host.invalid/a2a']) {
      const name = await register(url);
      await admin().setProbePolicy({ agent: name, body: quick });
      await becomes(name, 'unhealthy probe.no-answer');
    }
  });

  /** An agent of the SDK that is known to the platform. */
  const serve = (agent: string, more: Partial<PresenceOptions> = {}, until = Promise.resolve()): Promise<AgentServer> =>
    serveAgent({
      card,
      handle: async (_message, task) => {
        await until;
        await task.artifact({ id: 'a', parts: 'done' });
      },
      presence: { platform: host, agent, leaseMs: 1_000, onProblem: () => undefined, ...more },
    });

  /** Instances of an agent that both nodes would send a new task to. */
  async function takersOf(agent: string): Promise<string[]> {
    const { items } = await other.clientOf(tenant).admin.listInstances({ agent });
    return items.flatMap(({ instanceId, lease, admission }) =>
      admission.state === 'active' && lease?.lapsed !== true ? [instanceId] : [],
    );
  }

  it('register and leave by themselves, and finish the tasks that they work on', async () => {
    const name = await register('http://127.0.0.1:1/a2a');
    await admin().removeInstance({ agent: name, instance: (await only(name)).instanceId });
    const release = Promise.withResolvers<void>();
    const server = await serve(name, { version: '2.1', region: 'eu-1' }, release.promise);
    const { instanceId, version, region, source } = await only(name);
    assert.deepEqual([instanceId, version, region, source], [server.instanceId, '2.1', 'eu-1', 'self']);
    await becomes(name, 'healthy');
    const { task } = await platform.clientOf(tenant).agent(name).send('work', { returnImmediately: true });
    assert.ok(task !== undefined);
    const closing = server.close({ graceMs: 10_000 });
    await eventually('no instance takes tasks', async () => (await takersOf(name)).length === 0, 5_000);
    await assert.rejects(platform.clientOf(tenant).agent(name).send('more'), { code: 'routing.no-instance' });
    release.resolve();
    await closing;
    await eventually('the task has ended', async () => {
      const { status } = await platform.clientOf(tenant).agent(name).getTask(task.id);
      return status.state === 'TASK_STATE_COMPLETED';
    });
    assert.deepEqual((await admin().listInstances({ agent: name })).items, []);
  });

  it('are no healthier than the last call saw, and healthy again when a call is answered, long before a probe is due', async () => {
    const start = (port = 0): Promise<AgentServer> =>
      serveAgent({ port, card, handle: async (_message, task) => task.artifact({ id: 'a', parts: 'done' }) });
    await using first = await start();
    const name = `agent-${String((agents += 1))}`;
    await admin().registerAgent({ body: { name, cardUrl: first.url, priceMicrocredits: 1 } });
    const rarely = { ...quick, intervalMs: 3_600_000, unhealthyAfter: 3, healthyAfter: 2 };
    await admin().setProbePolicy({ agent: name, body: rarely });
    await becomes(name, 'healthy');
    await first.close({ graceMs: 0 });
    const agent = platform.clientOf(tenant).agent(name);
    assert.equal((await agent.send('hello')).task?.status.state, 'TASK_STATE_FAILED');
    await eventually('the health follows the call', async () => (await healthOf(name)) !== 'healthy', 1_000);
    await becomes(name, 'unhealthy probe.no-answer');
    await using second = await start(Number(new URL(first.url).port));
    assert.equal((await agent.send('hello')).task?.status.state, 'TASK_STATE_COMPLETED');
    const answeredAt = performance.now();
    await eventually('the health follows the call', async () => (await healthOf(name)) === 'healthy', 4_000);
    assert.ok(performance.now() - answeredAt < 4_000);
    assert.equal((await other.clientOf(tenant).admin.getAgentHealth({ agent: name })).state, 'healthy');
    const failed = platform.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const warned = failed.find(({ msg, agent: about }) => msg === 'agent failed' && about === `acme/${name}`);
    assert.equal(warned?.['code'], 'upstream.unreachable');
    assert.match(String(warned?.['taskId']), /^tsk_/);
    await second.close({ graceMs: 0 });
  });

  it('that fall silent are out on every node by the end of their lease, say why, and are back with the next heartbeat', async () => {
    const name = await register('http://127.0.0.1:1/a2a');
    await admin().removeInstance({ agent: name, instance: (await only(name)).instanceId });
    const stuck = Promise.withResolvers<void>();
    let isStuck = false;
    await using server = await serve(name, {
      health: async () => {
        if (isStuck) await stuck.promise;
        return { dependencies: [{ name: 'model', state: 'degraded', reason: 'slow' }] };
      },
    });
    await becomes(name, 'degraded reported: model is degraded: slow');
    isStuck = true;
    await becomes(name, 'unhealthy lease.lapsed');
    assert.deepEqual(await takersOf(name), []);
    await assert.rejects(other.clientOf(tenant).agent(name).send('work'), { code: 'routing.no-instance' });
    isStuck = false;
    stuck.resolve();
    await becomes(name, 'degraded reported: model is degraded: slow');
    assert.deepEqual(await takersOf(name), [server.instanceId]);
    await platform.clientOf(tenant).agent(name).send('work');
    await server.close({ graceMs: 0 });
  });
});

describe('a probe', () => {
  const guards = { forTenant: () => Promise.resolve(laptopGuard) };
  const prober = createInstanceProber(guards);
  const base: InstanceProbe = {
    tenantId: 'tnt_1',
    url: 'http://127.0.0.1/',
    wire: '1.0 JSONRPC',
    pinnedKeys: [],
    kind: 'wire',
    path: null,
    timeoutMs: 500,
  };

  it('of a gRPC wire takes any answer for a sign of life, but for one that says it does not serve', async () => {
    const frame = (state: number): Buffer => Buffer.from([0, 0, 0, 0, 2, 8, state]);
    const cases = [
      [frame(1), 'answered', null],
      [frame(2), 'failed', 'probe.not-serving'],
      [Buffer.alloc(0), 'answered', null],
    ] as const;
    for (const [body, kind, reason] of cases) {
      await using agent = await startRawGrpcAgent((stream) => {
        stream.respond(grpcHead);
        stream.end(body);
      });
      assert.deepEqual(await prober.probe({ ...base, url: agent.url, wire: '1.0 GRPC' }), { kind, reason });
      assert.equal(agent.heard[0]?.headers[':path'], '/grpc.health.v1.Health/Check');
    }
  });

  it('of kind http wants a good answer at its path, and of kind tcp only a connection', async () => {
    await using agent = await startRawAgent((socket, { head }) =>
      socket.end(
        `HTTP/1.1 ${head.includes('/health') ? '204' : '404'} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
      ),
    );
    const at = { ...base, url: `${agent.url}/a2a` };
    assert.equal((await prober.probe({ ...at, kind: 'http', path: '/health' })).kind, 'answered');
    assert.deepEqual(await prober.probe({ ...at, kind: 'http', path: '/no' }), {
      kind: 'failed',
      reason: 'probe.status-404',
    });
    const asked = agent.requests.length;
    assert.equal((await prober.probe({ ...at, kind: 'tcp' })).kind, 'answered');
    assert.equal(agent.requests.length, asked);
  });

  it('INSTANCE-6 reaches no address that the tenant may not call, and follows no redirect there', async () => {
    await using canary = await startRawAgent((socket) => socket.end(http('{}')));
    await using agent = await startRawAgent((socket) =>
      socket.end(`HTTP/1.1 302 X\r\nlocation: ${canary.url}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`),
    );
    const strict = new EgressGuard({
      allowedRanges: [],
      allowedHosts: [],
      ownPorts: () => new Set(),
      ownAddresses: () => [],
    });
    const guarded = createInstanceProber({ forTenant: () => Promise.resolve(strict) });
    for (const kind of ['wire', 'tcp'] as const) {
      assert.deepEqual(await guarded.probe({ ...base, kind, url: canary.url }), {
        kind: 'failed',
        reason: 'probe.address-refused',
      });
      assert.equal(
        (await guarded.probe({ ...base, kind, url: canary.url.replace('127.0.0.1', 'localhost') })).kind,
        'failed',
      );
    }
    assert.equal((await prober.probe({ ...base, url: agent.url })).kind, 'answered');
    assert.deepEqual([canary.requests.length, canary.connectionCount], [0, 0]);
  });
});
