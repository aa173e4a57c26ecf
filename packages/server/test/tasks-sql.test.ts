/**
 * Guarantee: the variants of the statements of the hot path, each written out in full, agree in the parts that they share: what one of
 * them does to the ledger, the wallets, the log, the budgets and the slots, the others do in the same words.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { appendQueueableEvents, appendEvents } from '../src/adapters/postgres/tasks/append-events.ts';
import { requestCancel } from '../src/adapters/postgres/tasks/claim-interrupted.ts';
import { continueTask, continueWithSlots } from '../src/adapters/postgres/tasks/continue-task.ts';
import { moveTask } from '../src/adapters/postgres/tasks/move-task.ts';
import { recordTasks } from '../src/adapters/postgres/tasks/record-tasks.ts';
import { resumeTask, resumeWithSlots } from '../src/adapters/postgres/tasks/resume-task.ts';
import { writeQueueableTasks, writeTasks } from '../src/adapters/postgres/tasks/write-tasks.ts';
import { createSystemRandom, systemClock } from '../src/adapters/clock/system-clock.ts';
import { createIdSource } from '../src/kernel/ids.ts';
import type { ContinueTask, ResumeTask, TaskMove } from '../src/modules/tasks/index.ts';
import { digest, draftEnd, draftTask, draftWrite } from './task-drafts.ts';

const ids = createIdSource(systemClock, createSystemRandom());
const [tenantId, agentId, instanceId] = [ids.next('tnt'), ids.next('agt'), ids.next('ins')];
const setting = { ids, nodeId: ids.next('nod') };
const tenant = { tenantId, agentId, instanceId, ownerId: 'cli_1', slug: 'acme', agentName: 'echo' };
const plain = draftTask(setting, tenant);
const chain = { root: plain.taskId, parent: null, depth: 0, ancestors: [] };
const queueing = { delayMs: 0, deadlineAtMs: null };
const further: ContinueTask = {
  viewer: tenant,
  taskId: plain.taskId,
  nodeId: setting.nodeId,
  expectedSeq: 2,
  expectedAttempt: 1,
  keyHash: digest(),
  fingerprint: digest(),
  events: [],
  state: 'TASK_STATE_WORKING',
  statusAtMs: 0,
};
const resume: ResumeTask = { ...further, tenantId, event: { kind: 'status', json: '{}' } };
const move: TaskMove = {
  lease: { tenantId, taskId: plain.taskId, nodeId: setting.nodeId, attempt: 1 },
  agentId,
  agentName: 'echo',
  instanceId,
  kind: 'retry',
  cause: null,
  isMove: true,
  number: 2,
};
const completed = draftEnd(setting, plain, 'TASK_STATE_COMPLETED');
const failed = draftEnd(setting, plain, 'TASK_STATE_FAILED');
const delegation = { chain, budgetTaskIds: [], budgetMicrocredits: null };
const another = draftTask(setting, tenant);
const budgets = { version: digest(), windows: [] };
const record = {
  plain: recordTasks([plain, another]).text,
  delegated: recordTasks([{ ...plain, delegation }]).text,
  queued: recordTasks([{ ...plain, queueing }]).text,
  budgeted: recordTasks([{ ...plain, budgets }]).text,
  budgetedQueued: recordTasks([{ ...plain, budgets, queueing }]).text,
};
const write = {
  settling: writeTasks([completed, draftEnd(setting, another, 'TASK_STATE_COMPLETED')]).text,
  releasing: writeTasks([failed]).text,
  queued: writeQueueableTasks([completed]).text,
};
/** The texts for a batch of one. */
const alone = { record: recordTasks([plain]).text, settle: writeTasks([completed]).text };
const metered = writeTasks([{ ...completed, end: completed.end && { ...completed.end, isMetered: true } }]).text;
const append = {
  plain: appendEvents([draftWrite(plain, [])]).text,
  queued: appendQueueableEvents([draftWrite(plain, [])]).text,
};

/** The part of a statement under this name: `name as ( … )`. */
function partOf(text: string, name: string): string {
  const start = text.search(new RegExp(`(?:^|with |\n)${name} as (?:materialized )?\\(`, 'm'));
  const end = text.indexOf('\n)', start);
  assert.ok(start >= 0 && end >= 0, `there is a part ${name}`);
  return text
    .slice(start, end)
    .replace(/^with /, '')
    .trim();
}

/** The text from one phrase up to another. */
function between(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  const end = text.indexOf(to, start);
  assert.ok(start >= 0 && end >= 0, `there is a text from ${from} to ${to}`);
  return text.slice(start, end).trim();
}

function assertAgree(texts: readonly string[], ...names: readonly string[]): void {
  for (const name of names)
    for (const text of texts) assert.equal(partOf(text, name), partOf(texts[0] ?? '', name), name);
}

describe('the variants of a statement agree', () => {
  it('in what a recording writes and charges', () => {
    assertAgree(Object.values(record), 'new_events', 'new_keys', 'reserved', 'charged');
    assertAgree([record.plain, alone.record], 'new_tasks', 'new_events', 'new_keys', 'reserved');
    const lookups = [record.plain, alone.record].map((text) => between(text, 'left join lateral', 'new_tasks as'));
    assert.equal(lookups[0], lookups[1]);
    assertAgree([record.delegated, record.queued, record.budgetedQueued], 'spent', 'granted');
    assertAgree([record.queued, record.budgetedQueued], 'taken');
    assertAgree([record.budgeted, record.budgetedQueued], 'windows', 'charges', 'refusing', 'windowed');
  });

  it('in what an end writes to ledger, wallet, log and audit', () => {
    assertAgree(Object.values(write), 'logged', 'audited');
    assertAgree([write.settling, alone.settle], 'closed', 'audited');
    assertAgree([write.releasing, write.queued], 'given_back', 'paid', 'closed');
    assertAgree([write.queued, append.queued, metered], 'freed');
    assertAgree([write.queued, metered], 'logged');
    assert.ok(partOf(metered, 'closed').startsWith(partOf(write.queued, 'closed')), 'closed');
    assertAgree([write.settling, append.plain, append.queued], 'logged');
  });

  it('in the fence of every write, and in what it changes in a task', () => {
    const writes = [...Object.values(write), alone.settle, metered, ...Object.values(append)];
    const fences = writes.map((text) => between(text, 'where t.tenant_id = i.tenant_id', 'returning i.n'));
    const changes = writes.map((text) => between(text, 'last_seq = i.expected_seq', 'then t.node_id end'));
    assert.deepEqual([new Set(fences).size, new Set(changes).size], [1, 1]);
    assert.match(
      fences[0] ?? '',
      /t\.node_id is not distinct from i\.node_id and t\.attempt = i\.attempt and t\.last_seq/,
    );
  });

  it('in a further message, a resumption and a move', () => {
    assertAgree([continueTask(further).text, continueWithSlots(further, queueing).text], 'logged', 'keyed');
    assertAgree([resumeTask(resume).text, resumeWithSlots(resume).text], 'moved', 'logged');
    const moves = [moveTask(move), moveTask({ ...move, leavesSlots: true })];
    const attempts = moves.map(({ text }) => text.slice(text.indexOf('insert into colloquy.task_tries')));
    assert.equal(attempts[0], attempts[1]);
  });

  it('in who may see a task', () => {
    const texts = [
      continueTask(further).text,
      continueWithSlots(further, queueing).text,
      requestCancel(tenant, plain.taskId).text,
    ];
    const visible = texts.map((text) =>
      between(text, 't.owner_id is not distinct from $3', '= $4').replaceAll(/\s+/g, ' '),
    );
    assert.equal(new Set(visible).size, 1);
  });
});
