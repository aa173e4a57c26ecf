/**
 * Guarantee: the sealed entry of a task's end is bound to the task's input and output by digests, which tell nothing to a reader without the
 * contents and the platform's key (T37, T40).
 */
import assert from 'node:assert/strict';
import { createHmac, hash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { readExportLine } from '@colloquy/protocol/audit';
import type { AuditRecord } from '@colloquy/protocol/audit';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { verifyAudit } from '@colloquy/sdk/client';
import { eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { TaskId, TenantId } from '../src/kernel/ids.ts';
import { sealerOf } from './audit-rows.ts';
import { settledTransactions } from './settled-transactions.ts';
import { draftEnd, draftTask } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

interface Digests {
  readonly input: string;
  readonly output: string;
}

const question = 'What is the launch code of the silo?';
const answer = 'It is 4711, and has been for years.';

describe('digests in an export', () => {
  let platform: TestPlatform;
  let agent: AgentServer;
  let admin: DatabasePool;
  let acme: TestTenant;
  let globex: TestTenant;

  before(async () => {
    platform = await startTestPlatform();
    admin = createPool({ url: platform.database.adminUrl, connectionsMax: 1, applicationName: 'audit-digests' });
    agent = await serveAgent({
      card: { name: 'Oracle', description: 'Knows.', skills: [] },
      handle: async (message, task) => {
        if (text(message) !== question) return task.fail(answer);
        await task.artifact({ id: 'a', parts: answer });
      },
    });
    [acme, globex] = [await platform.createTenant('acme'), await platform.createTenant('globex')];
    for (const { client } of [acme, globex])
      await client.admin.registerAgent({ body: { name: 'oracle', cardUrl: new URL(agent.url).origin } });
  });
  after(async () => {
    await platform[Symbol.asyncDispose]();
    await agent.close({ graceMs: 0 });
    await admin.end();
  });

  async function exported(
    { client }: TestTenant,
    format: 'jsonl' | 'cef' | 'otlp' = 'jsonl',
  ): Promise<readonly string[]> {
    const lines: string[] = [];
    for (let afterSeq: number | undefined = 0; afterSeq !== undefined;) {
      const page = await client.admin.exportAudit({ afterSeq, format });
      lines.push(...page.lines);
      afterSeq = page.next;
    }
    return lines;
  }
  const recordsOf = async (tenant: TestTenant): Promise<readonly AuditRecord[]> =>
    (await exported(tenant)).map((line) => {
      const read = readExportLine(line);
      assert.ok(read !== null, line);
      return read.record;
    });

  /** The id of a task that has ended, and the digests of its end as they are exported. */
  async function asked(tenant: TestTenant, words: string): Promise<Digests & { readonly taskId: TaskId }> {
    const taskId = (await tenant.client.agent('oracle').send(words)).task?.id as TaskId;
    const ended = await eventually('the end of the task is sealed', async () =>
      (await recordsOf(tenant)).find(({ resource, digests }) => resource === taskId && digests !== undefined),
    );
    assert.deepEqual(Object.keys(ended.digests ?? {}).sort(), ['input', 'output']);
    return { ...(ended.digests as unknown as Digests), taskId };
  }

  it('AUDIT-13 are there for the end of every task, however it ended, and for no other entry', async () => {
    const [good, bad] = [await asked(acme, question), await asked(acme, 'something else')];
    for (const { input, output } of [good, bad]) {
      for (const digest of [input, output]) assert.match(digest, /^[0-9a-f]{64}$/);
      assert.notEqual(input, output);
    }
    const records = await recordsOf(acme);
    const ends = records.filter(({ digests }) => digests !== undefined);
    assert.deepEqual(
      ends.map(({ action, resource }) => [action, resource]),
      [
        ['task.completed', good.taskId],
        ['task.failed', bad.taskId],
      ],
    );
    assert.ok(records.length > ends.length, 'there are others');
  });

  it('are others in each tenant and for each task, though all were told the same', async () => {
    const all = [await asked(acme, question), await asked(acme, question), await asked(globex, question)];
    const digests = all.flatMap(({ input, output }) => [input, output]);
    assert.equal(new Set(digests).size, digests.length);
  });

  it('are sealed with their entry: a changed one is found', async () => {
    const { taskId, output } = await asked(globex, question);
    const lines = await exported(globex);
    assert.equal((await verifyAudit({ lines: [lines], checkpoints: [], keys: [] })).isIntact, true);
    const at = lines.findIndex((line) => line.includes(taskId) && line.includes(output));
    const changed = lines.with(at, lines[at]?.replace(output, hash('sha256', 'another answer')) ?? '');
    const finding = await verifyAudit({ lines: [changed], checkpoints: [], keys: [] });
    assert.deepEqual([finding.isIntact, finding.firstBadSeq, finding.damage], [false, at + 1, 'changed']);
  });

  it('AUDIT-13 are no way to the contents: neither these nor a plain SHA-256 of them stands in an export of any form', async () => {
    const { taskId } = await asked(acme, question);
    const { rows } = await admin.query<{ payload: string; kind: string }>(
      'select kind, payload from colloquy.task_events where task_id = $1 order by seq',
      [uuidOf(taskId)],
    );
    const payloads = rows.map(({ payload }) => payload);
    assert.ok(
      payloads.join('').includes(question) && payloads.join('').includes(answer),
      'the log of the task has them',
    );
    const parts = [true, false].map((isInput) =>
      rows.flatMap(({ kind, payload }) => ((kind === 'task' || kind === 'turn') === isInput ? [payload] : [])),
    );
    const logs = parts.map((part) => part.join('\u001e'));
    const everything = (
      await Promise.all(
        (['jsonl', 'cef', 'otlp'] as const).map(async (format) => (await exported(acme, format)).join('\n')),
      )
    ).join('\n');
    assert.ok(everything.includes(taskId));
    for (const content of [question, answer, ...payloads, ...logs, payloads.join('')]) {
      const forms = [content, Buffer.from(content).toString('base64'), Buffer.from(content).toString('hex')];
      const sums = (['hex', 'base64', 'base64url'] as const).map((form) => hash('sha256', content, form));
      for (const form of [...forms, ...sums])
        assert.ok(!everything.includes(form.replace(/=+$/, '')), form.slice(0, 80));
    }
  });
});

describe('digests of equal contents', () => {
  let setting: TaskSetting;
  before(async () => {
    setting = await startTaskSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  /** A task whose log says exactly this, and nothing that is its own. */
  async function done(tenant: SeededTenant, given: string, answered: string): Promise<TaskId> {
    const task = { id: 'tsk_same', contextId: 'ctx_same', status: { state: 'TASK_STATE_SUBMITTED' } };
    const submitted = JSON.stringify({ task: { ...task, history: [{ parts: [{ text: given }] }] } });
    const draft = draftTask(setting, tenant, { submitted });
    assert.equal((await setting.store.record(draft)).kind, 'recorded');
    const artifact = { artifactId: 'a', parts: [{ text: answered }] };
    const events = [
      { kind: 'artifact', json: JSON.stringify({ artifactUpdate: { taskId: task.id, artifact } }) },
      {
        kind: 'status',
        json: JSON.stringify({ statusUpdate: { taskId: task.id, status: { state: 'TASK_STATE_COMPLETED' } } }),
        state: 'TASK_STATE_COMPLETED',
      },
    ] as const;
    await setting.store.write(draftEnd(setting, draft, 'TASK_STATE_COMPLETED', { events }));
    return draft.taskId;
  }

  async function sealed(): Promise<void> {
    await settledTransactions((sql, ...values) => setting.rows(sql, ...values));
    await sealerOf(setting, { checkpointMs: 0, checkpointRecordsMax: 1_000 }).round(setting.nodeId);
  }

  async function digestsOf(taskId: TaskId): Promise<Digests> {
    const sql = 'select digests from colloquy.audit_chain where resource = $1 and digests is not null';
    const [row, ...more] = await setting.rows<{ digests: Digests }>(sql, taskId);
    assert.ok(row !== undefined && more.length === 0);
    return row.digests;
  }

  it('AUDIT-13 are equal in one tenant, change with the input and with the output, and differ in another tenant', async () => {
    const [acme, globex] = [await setting.seedTenant(), await setting.seedTenant()];
    const tasks = [
      await done(acme, question, answer),
      await done(acme, question, answer),
      await done(acme, `${question}!`, answer),
      await done(acme, question, `${answer}!`),
      await done(globex, question, answer),
    ] as const;
    await sealed();
    const [first, again, otherInput, otherOutput, foreign] = await Promise.all(tasks.map(digestsOf));
    assert.ok(first !== undefined && otherInput !== undefined && otherOutput !== undefined && foreign !== undefined);
    assert.deepEqual(again, first);
    assert.notEqual(first.input, first.output);
    assert.equal(otherInput.output, first.output);
    assert.notEqual(otherInput.input, first.input);
    assert.equal(otherOutput.input, first.input);
    assert.notEqual(otherOutput.output, first.output);
    assert.notEqual(foreign.input, first.input);
    assert.notEqual(foreign.output, first.output);
    const swapped = await done(acme, answer, question);
    await sealed();
    const { input, output } = await digestsOf(swapped);
    assert.ok(![first.input, first.output].includes(input) && ![first.input, first.output].includes(output));
  });

  it('AUDIT-13 match the log of the task for a reader with the log and the key, and no longer match when a word of it was changed', async () => {
    const tenant = await setting.seedTenant();
    const taskId = await done(tenant, question, answer);
    await sealed();
    const kept = await digestsOf(taskId);
    assert.deepEqual(await madeFrom(tenant.tenantId, taskId), kept);
    await setting.rows(
      `update colloquy.task_events set payload = replace(payload, '4711', '4712') where task_id = $1`,
      uuidOf(taskId),
    );
    const { input, output } = await madeFrom(tenant.tenantId, taskId);
    assert.equal(input, kept.input);
    assert.notEqual(output, kept.output);
    assert.deepEqual(await digestsOf(taskId), kept, 'what is sealed stays');
  });

  /** What the specification says that digests are, from the rows of a task. The key is the one that `sealerOf` gives the tenant. */
  async function madeFrom(tenantId: TenantId, taskId: TaskId): Promise<Digests> {
    const rows = await setting.rows<{ kind: string; payload: string }>(
      'select kind, payload from colloquy.task_events where task_id = $1 order by seq',
      uuidOf(taskId),
    );
    const digestOf = (isPart: (kind: string) => boolean): string => {
      const log = rows.filter(({ kind }) => isPart(kind)).map(({ payload }) => payload);
      return createHmac('sha256', tenantId)
        .update(hash('sha256', log.join('\u001e'), 'buffer'))
        .digest('hex');
    };
    const isInput = (kind: string): boolean => kind === 'task' || kind === 'turn';
    return { input: digestOf(isInput), output: digestOf((kind) => !isInput(kind)) };
  }
});
