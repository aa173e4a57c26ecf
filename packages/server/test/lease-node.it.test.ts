/**
 * Guarantee: a node that can not renew its lease stops before another node may take over its tasks, and a lost node id is never used again.
 * Spec: docs/specs/lease.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import { DatabaseUnavailableError } from '../src/adapters/postgres/database-errors.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { NodeId } from '../src/kernel/ids.ts';
import { NodeLease } from '../src/modules/tasks/index.ts';
import type { NodeStore } from '../src/modules/tasks/index.ts';
import { startTaskSetting } from './task-setting.ts';
import type { TaskSetting } from './task-setting.ts';

const times = { heartbeatMs: 1_000, fenceAfterMs: 3_000, deadAfterMs: 5_000, graceMs: 5_000 };

/** The real store, whose answers can be held back and whose database can be away. */
class Line {
  isCut = false;
  asked = 0;
  answered = 0;
  #held: Promise<void> | null = null;
  #release: () => void = () => undefined;

  hold(): void {
    this.#held = new Promise((resolve) => (this.#release = resolve));
  }

  release(): void {
    this.#held = null;
    this.#release();
  }

  async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    this.asked += 1;
    try {
      if (this.isCut) throw new DatabaseUnavailableError('cut');
      const result = await work();
      if (this.#held !== null) await this.#held;
      return result;
    } finally {
      this.answered += 1;
    }
  }

  over(nodes: NodeStore): NodeStore {
    return {
      register: (nodeId, hostName) => this.pass(() => nodes.register(nodeId, hostName)),
      heartbeat: (nodeId) => this.pass(() => nodes.heartbeat(nodeId)),
      takeOver: (nodeId, deadAfterMs, limit) => this.pass(() => nodes.takeOver(nodeId, deadAfterMs, limit)),
      retire: (nodeId) => this.pass(() => nodes.retire(nodeId)),
      countOthers: (nodeId) => this.pass(() => nodes.countOthers(nodeId)),
      findCancelRequests: (nodeId) => this.pass(() => nodes.findCancelRequests(nodeId)),
      findOwnTasks: (nodeId) => this.pass(() => nodes.findOwnTasks(nodeId)),
      reclaim: (nodeId, taskIds) => this.pass(() => nodes.reclaim(nodeId, taskIds)),
      findWaitingTasks: (waitedMs, limit, after) => this.pass(() => nodes.findWaitingTasks(waitedMs, limit, after)),
      claimAccessChecks: (limit) => this.pass(() => nodes.claimAccessChecks(limit)),
    };
  }
}

describe('a lease on life', () => {
  let setting: TaskSetting;
  before(async () => {
    setting = await startTaskSetting();
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(() => setting.database.setClockOffset(0));

  function newLease() {
    const clock = new FakeClock();
    const line = new Line();
    const fenced: NodeId[] = [];
    const renewed: [NodeId, number][] = [];
    const lease: NodeLease = new NodeLease({
      nodes: line.over(setting.nodes),
      clock,
      ids: setting.ids,
      times,
      hostName: 'test',
      onFenced: () => void fenced.push(lease.nodeId),
      onRenewed: (nodeId, databaseUpMs) => void renewed.push([nodeId, databaseUpMs]),
    });
    /** Moves the node's clock, and the database's with it, then lets every question be answered. */
    const pass = async (ms: number): Promise<void> => {
      for (let left = ms; left > 0; left -= 500) {
        await clock.advance(Math.min(left, 500));
        await eventually('the database answers', () => line.asked === line.answered);
        await clock.advance(0);
      }
    };
    return { clock, line, fenced, renewed, lease, pass };
  }

  const isDead = async (nodeId: NodeId): Promise<boolean | undefined> => {
    const [row] = await setting.rows<{ dead: boolean }>(
      'select dead_at is not null as dead from colloquy.nodes where node_id = $1',
      uuidOf(nodeId),
    );
    return row?.dead;
  };

  it('is renewed every second and counts how long the database has been up', async () => {
    const { lease, renewed, fenced, pass } = newLease();
    await lease.start();
    await pass(6_000);
    assert.deepEqual(
      renewed.map(([, up]) => up),
      [0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000],
    );
    assert.equal(new Set(renewed.map(([nodeId]) => nodeId)).size, 1);
    assert.deepEqual([lease.isHeld, fenced], [true, []]);
    await lease.stop();
  });

  it('LEASE-1 is renewed while every other statement of the workers is blocked in the database', async () => {
    const { lease, renewed, fenced, pass } = newLease();
    await lease.start();
    const { workers } = setting;
    const busy = await Promise.all(Array.from({ length: workers.options.max }, () => workers.connect()));
    try {
      await pass(3_000);
    } finally {
      for (const client of busy) client.release();
    }
    assert.deepEqual([renewed.length, lease.isHeld, fenced], [4, true, []]);
    await lease.stop();
  });

  it('LEASE-1 expires after 3 s without a renewal, before any other node may declare the node dead', async () => {
    const { lease, line, fenced, pass } = newLease();
    await lease.start();
    await pass(1_000);
    const { nodeId } = lease;
    line.isCut = true;
    await pass(2_999);
    assert.deepEqual([lease.isHeld, fenced.length], [true, 0]);
    await pass(1);
    assert.equal(lease.isHeld, false);
    assert.equal(fenced.length, 1);
    assert.notEqual(lease.nodeId, nodeId);
    await setting.database.setClockOffset(3_000);
    await setting.nodes.takeOver(setting.nodeId, times.deadAfterMs, 1);
    assert.equal(await isDead(nodeId), false);
    await lease.stop();
  });

  it('LEASE-1 counts from before the question, so an answer that was long on its way does not prolong it', async () => {
    const { lease, line, fenced, clock, pass } = newLease();
    await lease.start();
    await pass(500);
    line.hold();
    await clock.advance(500);
    await clock.advance(1_900);
    assert.equal(lease.isHeld, true);
    line.release();
    await eventually('the answer arrives', () => line.asked === line.answered);
    await clock.advance(0);
    // Renewed at 1,000 and not at 2,900.
    line.isCut = true;
    await pass(1_099);
    assert.equal(lease.isHeld, true);
    await pass(1);
    assert.deepEqual([lease.isHeld, fenced.length], [false, 1]);
    await lease.stop();
  });

  it('LEASE-2 starts anew under another identity when the database is back, and the old one is refused for ever', async () => {
    const { lease, line, fenced, pass } = newLease();
    await lease.start();
    const old = lease.nodeId;
    line.isCut = true;
    await pass(3_000);
    await setting.database.setClockOffset(6_000);
    await setting.nodes.takeOver(await setting.registerNode(), times.deadAfterMs, 1);
    assert.equal(await isDead(old), true);
    line.isCut = false;
    await pass(1_000);
    assert.equal(lease.isHeld, true);
    assert.notEqual(lease.nodeId, old);
    assert.equal(await isDead(lease.nodeId), false);
    assert.equal(await setting.nodes.heartbeat(old), false);
    await setting.nodes.register(old, 'test');
    assert.equal(await setting.nodes.heartbeat(old), false);
    assert.equal(fenced.length, 1);
    await lease.stop();
  });

  it('ends at once when the node was declared dead', async () => {
    const { lease, fenced, pass } = newLease();
    await lease.start();
    const old = lease.nodeId;
    await setting.nodes.retire(old);
    await pass(1_000);
    assert.equal(fenced.length, 1);
    assert.equal(lease.isHeld, false);
    await pass(1_000);
    assert.deepEqual([lease.isHeld, lease.nodeId === old], [true, false]);
    await lease.stop();
  });

  it('LEASE-2 says nothing about the next identity when the answer for the lost one comes late', async () => {
    const { lease, line, renewed, fenced, clock } = newLease();
    await lease.start();
    line.hold();
    await clock.advance(1_000);
    await clock.advance(2_000);
    assert.equal(fenced.length, 1);
    const next = lease.nodeId;
    line.release();
    await eventually('the answer arrives', () => line.asked === line.answered);
    await clock.advance(0);
    assert.equal(lease.isHeld, false);
    assert.deepEqual([renewed.length, lease.nodeId, fenced.length], [1, next, 1]);
    await lease.stop();
  });

  it('LEASE-7 counts the database as up only from when it was seen up again', async () => {
    const { lease, line, renewed, pass } = newLease();
    await lease.start();
    await pass(4_000);
    line.isCut = true;
    await pass(1_000);
    line.isCut = false;
    await pass(2_000);
    assert.deepEqual(
      renewed.map(([, up]) => up),
      [0, 1_000, 2_000, 3_000, 4_000, 0, 1_000],
    );
    await lease.stop();
  });

  it('tries another identity when a registration failed: its row may be there, and dead', async () => {
    const { lease, line, pass } = newLease();
    await lease.start();
    line.isCut = true;
    await pass(3_000);
    const tried = lease.nodeId;
    await pass(1_000);
    assert.notEqual(lease.nodeId, tried);
    assert.equal(lease.isHeld, false);
    await lease.stop();
  });

  it('is not begun without a database, and leaves no timer', async () => {
    const { lease, line, clock } = newLease();
    line.isCut = true;
    await assert.rejects(lease.start(), /could not be registered/);
    assert.equal(clock.pendingTimers, 0);
    assert.equal(lease.isHeld, false);
  });

  it('LEASE-10 ends in good order: the node is dead at once and no timer is left, also when a renewal was on its way', async () => {
    const { lease, line, clock, fenced } = newLease();
    await lease.start();
    line.hold();
    await clock.advance(1_000);
    const stopping = lease.stop();
    line.release();
    await stopping;
    assert.equal(await isDead(lease.nodeId), true);
    assert.equal(clock.pendingTimers, 0);
    assert.deepEqual(fenced, []);
  });
});
