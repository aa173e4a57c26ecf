/** Guarantee: a process that is stopped under load answers every request that it accepted, soon, and leaves no task behind. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, skippedOutsideChaos, startTestPlatform } from '@colloquy/testkit';
import { json, say, startA2aSetting, version } from './a2a-setting.ts';
import type { A2aSetting } from './a2a-setting.ts';

const callers = 16;
const rounds = 30;
/** Far below the time that a process has for its leave (`limits.drainMs`): the agent answers within milliseconds. */
const soonMs = 3_000;
/** Without a notice, requests come in until the moment of the leave. */
const env = { COLLOQUY_DRAIN_NOTICE_MS: '0' };

describe('a process that is stopped under load', { skip: skippedOutsideChaos }, () => {
  let setting: A2aSetting;
  let token: string;
  before(async () => {
    setting = await startA2aSetting();
    token = await setting.tokenFor(setting.tenant);
  });
  after(() => setting[Symbol.asyncDispose]());

  /** The status of a send, or null when the connection did not carry it: then a proxy sends it to the next process. */
  async function sendTo(url: string, bearer: string, params: unknown): Promise<number | null> {
    try {
      const answer = await fetch(url + setting.path, {
        method: 'POST',
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params }),
        headers: { ...json, ...version, authorization: `Bearer ${bearer}` },
      });
      const text = await answer.text();
      return answer.status === 200 && !text.includes('TASK_STATE_COMPLETED') ? 500 : answer.status;
    } catch {
      return null;
    }
  }

  it('answers all that it accepted, and another process does the rest once', async () => {
    const statuses = new Map<number | null, number>();
    const stopMs: number[] = [];
    let sent = 0;
    let slowestMs = 0;
    for (let round = 0; round < rounds; round += 1) {
      const leaving = await startTestPlatform({ database: setting.platform.database, env });
      const there = await setting.tokenFor(setting.tenant, undefined, leaving.url);
      const call = async (): Promise<number | null> => {
        const params = say('hello');
        const startedAt = performance.now();
        const status = await sendTo(leaving.url, there, params);
        slowestMs = Math.max(slowestMs, performance.now() - startedAt);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        sent += 1;
        if (status !== 200) {
          assert.equal(await sendTo(setting.platform.url, token, params), 200, 'the next process does it');
        }
        return status;
      };
      const load = Array.from({ length: callers }, async () => {
        for (;;) if ((await call()) !== 200) return;
      });
      const enough = sent + 10 * callers;
      await eventually('there is load', () => sent >= enough);
      const startedAt = performance.now();
      await leaving.platform.stop();
      stopMs.push(performance.now() - startedAt);
      await Promise.all(load);
    }
    assert.deepEqual(
      [...statuses.keys()].filter((status) => status !== 200 && status !== null),
      [],
    );
    assert.ok(slowestMs < soonMs, `a caller waited ${String(slowestMs)} ms`);
    for (const ms of stopMs) assert.ok(ms < soonMs, `a stop took ${String(ms)} ms`);
    const [tasks] = await setting.rows(
      `select count(*)::int as all, count(*) filter (where state = 'completed')::int as completed from colloquy.tasks`,
    );
    assert.deepEqual([tasks?.['all'], tasks?.['completed']], [sent, sent]);
    assert.equal(setting.agent.heard.length, sent, 'no message reached the agent twice');
  });
});
