/** Guarantee: when a cancel and a completion race, one of them happens, and both callers are told which. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { asPlatformError } from '../src/kernel/errors.ts';
import { assertBooksAreSound, purseOf } from './task-books.ts';
import { sendNow, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { statusTold, taskTold } from './scripted-agent.ts';

const races = 500;
const atOnce = 25;

describe('cancel against complete', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  let there: GatewayProcess;

  before(async () => {
    setting = await startGatewaySetting();
    [here, there] = await Promise.all([setting.startProcess(), setting.startProcess()]);
  });
  after(() => setting[Symbol.asyncDispose]());

  /** When the agent completes: before the cancel, some time after it, as the agent hears of it, or after that. */
  const moments = ['before', 'meanwhile', 'when told', 'when told, later'] as const;

  /** One race; what the canceler was told. */
  async function race({ caller, address }: SeededCaller, at: number): Promise<string> {
    const { task } = await here.gateway.sendMessage(caller, address, sendNow(`race ${at}`), {});
    assert.ok(task !== undefined);
    const moment = moments[at % moments.length];
    const stream = here.agent.calls.find(({ call }) => call.taskId === task.id);
    const complete = (): void => void stream?.say(statusTold('up', 'TASK_STATE_COMPLETED'));
    whenTold.set(task.id, () => {
      if (moment === 'when told') complete();
      if (moment === 'when told, later') setImmediate(complete);
    });
    if (moment === 'before') complete();
    if (moment === 'meanwhile') setTimeout(complete, at % 20);
    // From the node that works on the task, or from the other one, which can only leave a cancel request.
    const asked = at % 9 === 0 ? there : here;
    try {
      return (await asked.gateway.cancelTask(caller, address, { id: task.id })).status.state;
    } catch (error) {
      return asPlatformError(error).code;
    }
  }
  const whenTold = new Map<string, () => void>();

  it('TASK-2 has one outcome in 500 races, over two processes, with every credit accounted for', async () => {
    const sender = await setting.seedCaller({ credits: 10_000n });
    here.agent.onCall = (made) => {
      if (made.method !== 'cancelTask') return void made.say(taskTold('up', 'TASK_STATE_WORKING'));
      whenTold.get(made.call.taskId)?.();
      made.say(taskTold('up', 'TASK_STATE_CANCELED'));
    };
    const told: string[] = [];
    for (let from = 0; from < races; from += atOnce) {
      told.push(...(await Promise.all(Array.from({ length: atOnce }, (_, at) => race(sender, from + at)))));
    }
    const canceled = told.filter((answer) => answer === 'TASK_STATE_CANCELED').length;
    const tooLate = told.filter((answer) => answer === 'task.not-cancelable').length;
    assert.equal(
      canceled + tooLate,
      races,
      JSON.stringify(told.filter((answer) => !/CANCELED|cancelable/.test(answer))),
    );
    assert.ok(canceled > 20 && tooLate > 20, `a race that one side always wins is none: ${canceled} to ${tooLate}`);
    await assertBooksAreSound(setting.tasks);
    const { available, reserved, used } = await purseOf(setting.tasks, sender.tenant.tenantId);
    assert.deepEqual([used, reserved, available], [BigInt(tooLate) * 10n, 0n, 10_000n - BigInt(tooLate) * 10n]);
    assert.equal(here.engine.runs.count, 0);
    assert.equal(here.engine.taskLog.followerCount, 0);
  });
});
