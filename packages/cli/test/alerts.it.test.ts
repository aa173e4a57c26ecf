/** Guarantee: a command lists the alerts about credits with their figures, for people and for programs. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting } from './command-setting.ts';

describe('the command of alerts', () => {
  let setting: CommandSetting;

  before(async () => {
    setting = await startCommandSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  it('lists an alert of low credit that the platform raised, and the alerts of one kind', async () => {
    const { acme, operator } = setting;
    assert.equal(await acme.told('alert', 'list'), 'There are no alerts.\n');
    const { availableMicrocredits } = await acme.value<{ availableMicrocredits: number }>('credits', 'balance');
    const low = String(availableMicrocredits / 1_000_000 + 1);
    await operator.told('credits', 'configure', 'acme', '--low-credit', low);
    const text = await eventually(
      'the alert is raised',
      async () => {
        const listed = await acme.told('alert', 'list');
        return listed.includes('low-credit') && listed;
      },
      30_000,
    );
    assert.match(text, /^TIME +KIND +BUDGET +FIGURES\n\S+ +low-credit +\S+ of \S+ available\n$/);
    const [alert] = await acme.value<{ kind: string; facts: object }[]>('alert', 'list', '--kind', 'low-credit');
    assert.deepEqual(alert?.facts, {
      availableMicrocredits,
      lowCreditMicrocredits: availableMicrocredits + 1_000_000,
    });
    assert.deepEqual(await acme.value('alert', 'list', '--kind', 'drift'), []);
  });
});
