/** Guarantee: an alert about credits is listed by a command with its figures, and reaches the event sinks of its tenant. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting } from './command-setting.ts';

describe('the command of alerts', () => {
  let setting: CommandSetting;
  let receiver: Server;
  const received: string[] = [];

  before(async () => {
    setting = await startCommandSetting();
    receiver = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        received.push(body);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });

  it('lists an alert of low credit that the platform raised, and the sink of the tenant got it', async () => {
    const { acme, operator } = setting;
    assert.equal(await acme.told('alert', 'list'), 'There are no alerts.\n');
    const url = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/hook`;
    await acme.told('event-sink', 'set', 'ops', url, '--type', 'dev.colloquy.credits.*');
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
    const [alert] = await acme.value<{ alertId: string; facts: object }[]>('alert', 'list', '--kind', 'low-credit');
    assert.deepEqual(alert?.facts, {
      availableMicrocredits,
      lowCreditMicrocredits: availableMicrocredits + 1_000_000,
    });
    assert.deepEqual(await acme.value('alert', 'list', '--kind', 'drift'), []);
    await eventually('the sink got the event', () => received.length > 0);
    const event = JSON.parse(received[0] ?? '') as Record<string, unknown>;
    assert.deepEqual([event['type'], event['subject']], ['dev.colloquy.credits.low.v1', 'credits']);
    assert.deepEqual(event['data'], { alertId: alert?.alertId, ...alert?.facts });
    assert.equal(received.length, 1);
    const metrics = await eventually('the delivery is counted', async () => {
      const text = await (await fetch(`${setting.platform.opsUrl}/metrics`)).text();
      return text.includes('\ncolloquy_event_attempts_total{outcome="delivered"} 1\n') && text;
    });
    assert.match(metrics, /^colloquy_credit_alerts_total\{kind="low-credit"\} 1$/m);
    assert.match(metrics, /^colloquy_events_missed_total 0$/m);
  });
});
