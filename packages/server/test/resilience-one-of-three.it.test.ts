/**
 * Guarantee: clients of an idempotent skill do not notice that one of three instances fails. The failing instance gets no more calls after five faults,
 * retries stay a small share of all calls, and the instance serves again without an operator.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { assertBooksAreSound } from './task-books.ts';
import { sendNow, startGatewaySetting } from './gateway-setting.ts';
import type { GatewaySetting } from './gateway-setting.ts';
import { taskTold } from './scripted-agent.ts';

const rounds = 30;
const atOnce = 10;

describe('one of three instances', () => {
  let setting: GatewaySetting;
  let movedMs = 0;
  before(async () => void (setting = await startGatewaySetting()));
  after(() => setting[Symbol.asyncDispose]());

  for (const fault of ['upstream.unreachable', 'upstream.outcome-unknown', 'upstream.timeout'] as const) {
    it(`that fails by ${fault} costs no caller anything, and comes back by itself`, async () => {
      const clock = new FakeClock();
      await using here = await setting.startProcess({ clock, lease: { fenceAfterMs: 1e9, deadAfterMs: 2e9 } });
      const sender = await setting.seedCaller({ idempotent: true });
      const { tenantId, agentId, instanceId: broken } = sender.tenant;
      await setting.tasks.rows(
        `insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version)
         select $1, gen_random_uuid(), $2, 'http://127.0.0.1:' || n || '/', 'JSONRPC', '1.0' from generate_series(2, 3) n`,
        uuidOf(tenantId),
        uuidOf(agentId),
      );
      let isBroken = true;
      here.agent.onCall = (call) => {
        if (isBroken && call.call.instance.instanceId === broken) call.fail(fault);
        else call.say(taskTold(`up-${call.call.taskId}`, 'TASK_STATE_COMPLETED'));
      };
      const states = async (): Promise<string[]> => {
        const rows = await setting.tasks.rows<{ state: string }>(
          `select state from colloquy.tasks where tenant_id = $1`,
          uuidOf(tenantId),
        );
        return rows.map(({ state }) => state);
      };
      const callsTo = (): number => here.agent.calls.filter(({ call }) => call.instance.instanceId === broken).length;
      const send = () => here.gateway.sendMessage(sender.caller, sender.address, sendNow('work'), {});
      const sendRounds = async (wanted: number): Promise<void> => {
        for (let round = 0; round < wanted; round += 1) {
          await Promise.all(Array.from({ length: atOnce }, send));
          await eventually('they end', async () => (await states()).every((state) => /completed|failed/.test(state)));
        }
      };
      await sendRounds(rounds);
      assert.deepEqual(new Set(await states()), new Set(['completed']), 'every task completed');
      // What was under way when the last fault was seen may still fail.
      assert.ok(callsTo() >= 1 && callsTo() <= limits.breakerFaultsMax + atOnce, String(callsTo()));
      const sent = rounds * atOnce;
      assert.ok(here.agent.calls.length - sent <= sent * limits.retryShare + limits.retriesAtFirst);
      isBroken = false;
      const before = callsTo();
      movedMs += limits.breakerOpenMs;
      await setting.tasks.database.setClockOffset(movedMs);
      await clock.advance(limits.breakerOpenMs);
      await eventually('it serves again', async () => {
        await sendRounds(1);
        return callsTo() > before + 1;
      });
      assert.deepEqual(new Set(await states()), new Set(['completed']));
      await assertBooksAreSound(setting.tasks);
    });
  }
});
