/** Guarantee: of two instances that are asked in parallel, no answer is held that is not read. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamResponse } from '@colloquy/protocol';
import { FakeClock } from '@colloquy/testkit';
import type { AgentAttempts } from './agent-attempts.ts';
import { sayHedged } from './hedge.ts';
import type { Talk } from './talk-to-agent.ts';
import type { UpstreamCall } from './upstream.ts';

const message = { message: { messageId: 'm', role: 'ROLE_USER' as const, parts: [] } };
const completed: StreamResponse = { task: { id: 'theirs', status: { state: 'TASK_STATE_COMPLETED' } } };
const ports = { bulkheads: { hasPlace: () => true, left: () => undefined } };
const [firstId, secondId] = [`ins_${'1'.repeat(32)}`, `ins_${'2'.repeat(32)}`] as const;
const observation = { heard: () => undefined, end: () => undefined };

/** An instance that answers at once or, with `isSilent`, when its call is aborted. */
class FakeInstance {
  readonly isSilent: boolean;
  returns = 0;

  constructor(isSilent: boolean) {
    this.isSilent = isSilent;
  }

  stream({ signal }: UpstreamCall) {
    const answer = { done: false as const, value: completed };
    const next = () => {
      if (!this.isSilent) return Promise.resolve(answer);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(answer)));
    };
    const answers = {
      next,
      return: () => {
        this.returns += 1;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
    return { [Symbol.asyncIterator]: () => answers };
  }
}

/** Asks `first`, and after a moment `second`. Answers how often the task was given an answer. */
async function ask(first: FakeInstance, second: FakeInstance, adopt = () => Promise.resolve(true)): Promise<number> {
  const clock = new FakeClock(0);
  const run = {
    task: { id: 't', contextId: 'c', status: { state: 'TASK_STATE_SUBMITTED' } },
    isOver: false,
    accepted: 0,
    upstreamTaskId: 'theirs',
    rememberUpstreamTask: () => undefined,
    accept() {
      this.accepted += 1;
      this.isOver = true;
    },
  };
  const callOf = (instanceId: string) => ({ route: { streaming: true }, instance: { instanceId } });
  const upstream = {
    stream: (call: UpstreamCall) => (call.instance.instanceId === firstId ? first : second).stream(call),
    cancelTask: () => Promise.resolve({ id: 'theirs' }),
  };
  const call = { ...callOf(firstId), signal: new AbortController().signal };
  const talk = { upstream, clock, run, call, observation, deadlines: null, holdBack: () => false };
  const attempts = {
    policy: { hedgeMs: 100, callsMax: null },
    chooseHedge: () => ({ ...call, ...callOf(secondId) }),
    writeHedge: () => Promise.resolve(true),
    adopt,
  };
  const calls = { begin: () => observation };
  const said = sayHedged(
    { ...ports, upstream, clock, calls } as unknown as Parameters<typeof sayHedged>[0],
    attempts as unknown as AgentAttempts,
    talk as unknown as Talk,
    message,
  );
  await clock.advance(0);
  // The second is asked, and a silent one is aborted.
  for (let passed = 0; passed < 60; passed += 1) await clock.advance(1_000);
  await said;
  return run.accepted;
}

describe('a hedged call', () => {
  it('leaves the answers of the first instance when its first one ends the task', async () => {
    const [first, second] = [new FakeInstance(false), new FakeInstance(false)];
    assert.equal(await ask(first, second), 1);
    assert.deepEqual([first.returns, second.returns], [1, 0]);
  });

  it('leaves the answers of both when the second one does the work', async () => {
    const [first, second] = [new FakeInstance(true), new FakeInstance(false)];
    assert.equal(await ask(first, second), 1);
    assert.deepEqual([first.returns, second.returns], [1, 1]);
  });

  it('leaves the answers of both when the second one may not do the work', async () => {
    const [first, second] = [new FakeInstance(true), new FakeInstance(false)];
    assert.equal(await ask(first, second, () => Promise.resolve(false)), 0);
    assert.deepEqual([first.returns, second.returns], [1, 1]);
  });
});
