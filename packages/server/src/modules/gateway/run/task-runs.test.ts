/** Guarantee: a task too large for memory is treated as any other: its message is sent once, its partial results stay, an agent that says nothing new is not asked forever. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamResponse, Task } from '@colloquy/protocol';
import { FakeClock } from '@colloquy/testkit';
import { ByteBudget } from '../../../kernel/byte-budget.ts';
import { asPlatformError, PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import type { AgentInstance, Route } from '../../routing/index.ts';
import { noPolicy } from '../../resilience/index.ts';
import type { TaskEvent, TaskWrite } from '../../tasks/index.ts';
import { TaskRuns } from './task-runs.ts';
import type { StartedTask, TaskRunsOptions } from './task-runs.ts';
import type { Upstream } from './upstream.ts';

const id = '1'.repeat(32);
const taskId = `tsk_${id}` as const;
const nodeId = `nod_${id}` as const;
const message = { messageId: 'm', role: 'ROLE_USER' as const, parts: [{ text: 'go' }] };
const begun: Task = { id: taskId, contextId: 'c', status: { state: 'TASK_STATE_SUBMITTED' }, history: [message] };
const route = {
  tenantId: `tnt_${id}`,
  agentId: `agt_${id}`,
  agentName: 'worker',
  streaming: true,
  taskMsMax: 600_000,
  priceMicrocredits: 1n,
};
const artifact = { artifactId: 'a', parts: [{ text: 'x'.repeat(limits.runKeptBytesMax + 1) }] };
/** Too large to be kept in memory, so the snapshot is compared with what the database has. */
const answers: readonly StreamResponse[] = [
  { artifactUpdate: { taskId: 'theirs', contextId: 'c', artifact } },
  { task: { id: 'theirs', contextId: 'c', status: { state: 'TASK_STATE_COMPLETED' }, artifacts: [artifact] } },
];

const started = {
  taskId,
  nodeId,
  attempt: 1,
  view: { task: begun, seq: 1, logBytes: 100 },
  route: { ...route, skills: new Map(), instances: [], slotsMax: null } as Partial<Route> as Route,
  instance: { instanceId: `ins_${id}` } as Partial<AgentInstance> as AgentInstance,
  ownerId: 'cli_1',
  requestId: 'req_1',
  upstreamTaskId: null,
} satisfies StartedTask;

async function* stream(items: readonly StreamResponse[], error?: PlatformError): AsyncGenerator<StreamResponse> {
  await Promise.resolve();
  yield* items;
  if (error !== undefined) throw error;
}

/** A platform with one agent, whose database refuses so many reads of a log. */
function runsOf(refusedMax: number, agent: Partial<Upstream> = {}, bytesMax = 1e9) {
  const clock = new FakeClock(0);
  const counts = { sends: 0, reads: 0, fallbacks: 0 };
  const log: TaskEvent[] = [{ seq: 1, kind: 'task', json: JSON.stringify({ task: begun }) }];
  const options = {
    clock,
    budget: new ByteBudget({ clock, bytesMax }),
    store: {
      write: ({ events }: TaskWrite) => {
        log.push(...(events as readonly TaskEvent[]));
        return Promise.resolve('written');
      },
      readTail: () => {
        counts.reads += 1;
        if (counts.reads <= refusedMax) return Promise.reject(new PlatformError('platform.unavailable'));
        return Promise.resolve({ events: log, isMore: false });
      },
    },
    log: { publish: () => undefined, notify: () => undefined },
    upstream: {
      stream: () => {
        counts.sends += 1;
        return stream(answers);
      },
      cancelTask: () => Promise.reject(new PlatformError('upstream.refused')),
      ...agent,
    },
    calls: { begin: () => ({ heard: () => undefined, end: () => undefined }) },
    bulkheads: { enter: () => null, left: () => undefined },
    others: {
      budget: { earn: () => undefined, spend: () => true },
      routes: {
        resolve: () => {
          counts.fallbacks += 1;
          return Promise.resolve(null);
        },
      },
    },
    ids: { next: () => `ent_${id}` },
    holdsLease: () => true,
    announce: () => undefined,
    reportUnwritable: assert.ifError,
    onSlotsFree: () => undefined,
    chance: () => 0,
  };
  // What is missing is for other agents and other calls.
  return { clock, counts, log, budget: options.budget, runs: new TaskRuns(options as unknown as TaskRunsOptions) };
}

async function advance(clock: FakeClock, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 1) await clock.advance(1_000);
}

describe('a run whose database is away in the middle of a stream', () => {
  it('reads again until the database is back, and sends nothing again', async () => {
    const { clock, counts, log, runs } = runsOf(3);
    const run = runs.start(started, { kind: 'say', message: { message } });
    await advance(clock, 10);
    assert.equal(run.committed.status.state, 'TASK_STATE_COMPLETED');
    assert.equal(log.filter(({ json }) => json.includes('artifactUpdate')).length, 1);
    assert.deepEqual(counts, { sends: 1, reads: 4, fallbacks: 0 });
    assert.equal(clock.pendingTimers, 0);
  });

  it('reads no longer once its lease is lost', async () => {
    const { clock, counts, runs } = runsOf(Number.POSITIVE_INFINITY);
    const run = runs.start(started, { kind: 'say', message: { message } });
    await advance(clock, 10);
    assert.ok(counts.reads > 3);
    runs.abandonAll();
    await advance(clock, 1);
    const { reads } = counts;
    await advance(clock, 60);
    assert.ok(run.isLost);
    assert.deepEqual(counts, { sends: 1, reads, fallbacks: 0 });
    assert.equal(clock.pendingTimers, 0);
  });
});

describe('a run of a task that is too large to be kept', () => {
  it('asks no other agent once there are partial results', async () => {
    const broken = new PlatformError('upstream.invalid-answer');
    const { clock, counts, runs } = runsOf(0, { stream: () => stream(answers.slice(0, 1), broken) });
    const resilience = new Map([['', { ...noPolicy, fallback: ['other'] }]]);
    const withFallback = { ...started, route: { ...started.route, resilience } };
    const run = runs.start(withFallback, { kind: 'say', message: { message } });
    await advance(clock, 60);
    assert.equal(run.isLean, true);
    assert.equal(run.failureCode, 'upstream.invalid-answer');
    assert.equal(counts.fallbacks, 0);
  });

  it('gives the agent up when it is found again and again without anything new', async () => {
    const broken = new PlatformError('upstream.outcome-unknown');
    let looks = 0;
    const { clock, log, runs } = runsOf(0, {
      stream: () => stream(answers.slice(0, 1), broken),
      subscribe: () => stream([], broken),
      getTask: () => {
        looks += 1;
        const status = { state: 'TASK_STATE_SUBMITTED' as const };
        return Promise.resolve({ id: 'theirs', contextId: 'c', status, artifacts: [artifact] });
      },
    });
    const run = runs.start(started, { kind: 'say', message: { message } });
    await advance(clock, 120);
    assert.equal(run.failureCode, 'upstream.outcome-unknown');
    assert.ok(looks >= 5 && looks < 10, String(looks));
    assert.equal(log.filter(({ json }) => json.includes('artifactUpdate')).length, 1);
  });
});

describe('large messages to an agent that takes its time', () => {
  const bytes = 4_000_000;
  const large = { ...message, parts: [{ text: 'x'.repeat(bytes) }] };
  const view = { task: { ...begun, history: [large] }, seq: 1, logBytes: bytes };

  it('are counted for as long as their runs keep them, so that a tenant can not fill the memory with them', async () => {
    const { budget, runs, clock } = runsOf(0, { stream: () => never() }, 60_000_000);
    const admitted: string[] = [];
    for (let at = 0; at < 30; at += 1) {
      const own = `tsk_${String(at).padStart(32, '0')}` as const;
      void runs.holdMessage(started.route, bytes).then(
        (held) => {
          admitted.push(own);
          runs.start({ ...started, taskId: own, view }, { kind: 'say', message: { message: large } });
          held?.release();
        },
        (error: unknown) => admitted.push(asPlatformError(error).code),
      );
      await clock.advance(0);
    }
    assert.equal(admitted.length, 5, 'no more than leaves room for others');
    assert.equal(budget.bytesOf.agents, 5 * bytes);
    assert.equal(runs.hasRoom(route.tenantId as typeof started.route.tenantId), true, 'for its other agents');
    await advance(clock, limits.heldWaitMs / 1_000);
    assert.deepEqual(new Set(admitted.slice(5)), new Set(['request.rate-limited']));
    runs.abandonAll();
    assert.equal(budget.bytesOf.agents, 0);
    assert.equal(await runs.holdMessage(started.route, 100), null, 'a small message counts for nothing');
  });
});

async function* never(): AsyncGenerator<StreamResponse> {
  yield await new Promise<never>(() => undefined);
}
