/**
 * Guarantee: reads that live views share return the log of each task, in order and within bounds, and never another tenant's.
 * Spec: docs/specs/stream-resumption.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { limits } from '../src/kernel/limits.ts';
import type { LogTail, NewTask } from '../src/modules/tasks/index.ts';
import { artifactDraft, draftTask, draftWrite } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

describe('tails of logs that are read at the same moment', () => {
  let setting: TaskSetting;
  let tenants: readonly SeededTenant[];
  before(async () => {
    setting = await startTaskSetting();
    tenants = await Promise.all([1, 2, 3].map(() => setting.seedTenant({ credits: 10_000n })));
  });
  after(() => setting[Symbol.asyncDispose]());

  async function recordWith(tenant: SeededTenant, texts: readonly string[]): Promise<NewTask> {
    const task = draftTask(setting, tenant);
    assert.equal((await setting.store.record(task)).kind, 'recorded');
    const events = texts.map((text) => artifactDraft(task, text));
    if (events.length > 0) assert.equal(await setting.store.write(draftWrite(task, events)), 'written');
    return task;
  }
  const seqs = ({ events }: LogTail): number[] => events.map(({ seq }) => seq);

  it('are those of each task, whatever tenant and position they are of', async () => {
    const tasks = await Promise.all(
      Array.from({ length: 150 }, async (_, at) => {
        const tenant = tenants[at % tenants.length];
        assert.ok(tenant !== undefined);
        return recordWith(
          tenant,
          Array.from({ length: at % 4 }, (_text, n) => `${at}-${n}`),
        );
      }),
    );
    const tails = await Promise.all(
      tasks.map(({ tenantId, taskId }, at) => setting.store.readTail(tenantId, taskId, at % 3)),
    );
    for (const [at, tail] of tails.entries()) {
      const length = 1 + (at % 4);
      assert.deepEqual(
        [seqs(tail), tail.isMore],
        [Array.from({ length: Math.max(0, length - (at % 3)) }, (_, n) => 1 + (at % 3) + n), false],
      );
      for (const { json } of tail.events) assert.ok(json.includes(tasks[at]?.taskId ?? '-'));
    }
  });

  it('are empty for another tenant', async () => {
    const [one, other] = tenants;
    assert.ok(one !== undefined && other !== undefined);
    const task = await recordWith(one, ['secret']);
    const [own, foreign] = await Promise.all([
      setting.store.readTail(one.tenantId, task.taskId, 0),
      setting.store.readTail(other.tenantId, task.taskId, 0),
    ]);
    assert.deepEqual([own.events.length, foreign], [2, { events: [], isMore: false }]);
  });

  it('hold no more events than their bound, and go on where they ended', async () => {
    const [tenant] = tenants;
    assert.ok(tenant !== undefined);
    const texts = Array.from({ length: limits.logTailEventsMax + 5 }, (_, n) => String(n));
    const { taskId, tenantId } = await recordWith(tenant, texts);
    const first = await setting.store.readTail(tenantId, taskId, 0);
    const rest = await setting.store.readTail(tenantId, taskId, first.events.length);
    assert.deepEqual([first.events.length, first.isMore], [limits.logTailEventsMax, true]);
    assert.deepEqual([seqs(rest).at(0), rest.events.length, rest.isMore], [limits.logTailEventsMax + 1, 6, false]);
  });

  it('STREAM-3 hold no more bytes than their bound, or one event', async () => {
    const [tenant] = tenants;
    assert.ok(tenant !== undefined);
    const half = 'x'.repeat(limits.logTailBytesMax / 2);
    const { taskId, tenantId } = await recordWith(tenant, ['a', half, half, half + half, 'z']);
    const tails: number[][] = [];
    for (let after = 0; ;) {
      const tail = await setting.store.readTail(tenantId, taskId, after);
      tails.push(seqs(tail));
      after = tail.events.at(-1)?.seq ?? after;
      if (!tail.isMore) break;
    }
    assert.deepEqual(tails, [[1, 2, 3], [4], [5], [6]]);
  });
});
