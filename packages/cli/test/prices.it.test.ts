/** Guarantee: the commands of prices show, set and remove what a call costs, and "quote" says before a call what it would cost, and why. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { eventually } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting, Shell } from './command-setting.ts';

const leadIds = Array.from({ length: 200 }, (_, at) => `lead-${at}`);

describe('the commands of prices', () => {
  let setting: CommandSetting;
  let agent: AgentServer;
  let acme: Shell;
  let folder: string;

  before(async () => {
    setting = await startCommandSetting();
    ({ acme } = setting);
    folder = await mkdtemp(join(tmpdir(), 'prices-'));
    const skills = { scoreLookalike: { price: { perItem: { price: 0.5, of: '$.leadIds[*]' } } } };
    agent = await serveAgent({
      card: {
        name: 'Scorer',
        description: 'Scores leads.',
        skills: [{ id: 'scoreLookalike', name: 'Score', description: 'Scores leads.', tags: ['leads'] }],
        capabilities: { extensions: [{ uri: 'urn:colloquy:extension:enterprise:v1', params: { skills } }] },
      },
      async handle(_message, task) {
        task.usage({ items: 120 });
        await task.complete('Scored 120 of them.');
      },
    });
    await setting.operator.told('credits', 'grant', 'acme', '100');
    await acme.told('agent', 'register', 'scorer', agent.url, '--price', '3');
  });
  after(async () => {
    await agent?.close({ graceMs: 0 });
    await setting?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const quoteOf = (count: number) => [
    '--skill',
    'scoreLookalike',
    '--data',
    JSON.stringify({ leadIds: leadIds.slice(0, count) }),
  ];

  it('"quote" of 200 leads at 0.5 is 100 credits, and the task that scores 120 of them costs 60', async () => {
    const said = await acme.told('quote', 'scorer', ...quoteOf(200));
    assert.match(said, /^PART +QUANTITY +EACH +CREDITS +WHY\nitems +200 +0\.5 +100 +counted in the inputs$/m);
    assert.match(said, /price from +card version 1\ntotal +100\nreserved +100\navailable +1100\naffordable +yes\n$/);
    const task = await setting.tenant.client.admin.callSkill({
      agent: 'scorer',
      skill: 'scoreLookalike',
      body: { inputs: { leadIds } },
    });
    await eventually('the task is settled', async () =>
      /settle +60 .*\n/.test(await acme.told('credits', 'entries', '--task', task.taskId)),
    );
    const entries = await acme.value<readonly { kind: string; amountMicrocredits: number }[]>(
      'credits',
      'entries',
      '--task',
      task.taskId,
    );
    assert.deepEqual(entries.map(({ kind, amountMicrocredits }) => `${kind} ${amountMicrocredits}`).toSorted(), [
      'release 40000000',
      'reserve 100000000',
      'settle 60000000',
    ]);
  });

  it('"quote" says what is not known, and what the tenant cannot pay', async () => {
    const text = await acme.told('quote', 'scorer', 'score all my leads', '--skill', 'scoreLookalike');
    assert.match(text, /^items +\? +0\.5 +1 +not known: the default of the tenant; the message has no data$/m);
    const { stdout } = await acme.run('quote', 'scorer', '--skill', 'scoreLookalike', '--data', '{"leadIds": []}');
    assert.match(stdout, /^items +0 +0\.5 +0 +counted in the inputs$/m);
    await acme.told('price', 'set', 'scorer', '--per-call', '9000');
    const dear = await eventually('the override holds', async () => {
      const said = await acme.told('quote', 'scorer', 'hello');
      return said.includes('9000') ? said : undefined;
    });
    assert.match(dear, /price from +override since .*\n(?:.*\n)*affordable +no: not enough credits are available\n$/);
    await acme.told('price', 'unset', 'scorer');
    await acme.refused(2, 'quote', 'scorer', 'hello', '--data', '{}');
    await acme.refused(2, 'quote', 'scorer', '--data', '{leads}');
    assert.equal((await acme.refused(5, 'quote', 'missing')).code, 'registry.agent-unknown');
    assert.equal((await acme.refused(5, 'quote', 'scorer', '--skill', 'none')).code, 'task.skill-unknown');
  });

  it('set, list, show and remove overrides', async () => {
    assert.equal(await acme.told('price', 'list'), 'There are no price overrides.\n');
    const set = ['price', 'set', 'scorer'];
    assert.match(
      await acme.told(...set, '--per-call', '0.25', '--per-unit', 'tokens=0.001', '--minimum', '1'),
      /^A call of scorer costs 0\.25 per call \+ 0\.001 per tokens, at least 1 now\.\n$/,
    );
    const file = join(folder, 'price.json');
    const price = { perItem: { price: '0.1', of: '$.leadIds[*]', tiers: [{ upTo: 100, price: '0.4' }] } };
    await writeFile(file, JSON.stringify(price));
    assert.equal(
      await acme.told(
        ...set,
        '--skill',
        'scoreLookalike',
        '--from',
        '2099-01-01T00:00:00Z',
        '--price-json',
        `@${file}`,
      ),
      'A call of the skill scoreLookalike of scorer costs 0.4 up to 100, then 0.1 per item of $.leadIds[*] from 2099-01-01T00:00:00.000Z on.\n',
    );
    const listed = await acme.told('price', 'list');
    assert.match(listed, /^AGENT +SKILL +FROM +IN FORCE +PRICE\nscorer +\(agent\) +\S+ +yes +0\.25 per call \+/);
    assert.match(listed, /^scorer +scoreLookalike +2099-01-01T00:00:00\.000Z +no +0\.4 up to 100, then 0\.1 per item/m);
    const shown = await acme.told('price', 'show', 'scorer');
    assert.match(shown, /^SKILL +PRICE +FROM\n\(agent\) +0\.25 per call .* +override since \S+\n/);
    assert.match(shown, /^scoreLookalike +0\.4 .* +override from 2099-01-01T00:00:00\.000Z$/m);
    const removed = await acme.value(
      'price',
      'unset',
      'scorer',
      '--skill',
      'scoreLookalike',
      '--from',
      '2099-01-01T00:00:00Z',
    );
    assert.deepEqual(removed, { agent: 'scorer', skill: 'scoreLookalike', from: '2099-01-01T00:00:00Z' });
    assert.equal(await acme.told('price', 'unset', 'scorer'), 'Removed every override of scorer.\n');
    assert.equal((await acme.refused(5, 'price', 'unset', 'scorer')).code, 'prices.unknown');
    assert.match(
      await acme.told('price', 'show', 'scorer'),
      /^\(agent\) +3 per call +registration\nscoreLookalike +0\.5 per item of \$\.leadIds\[\*\] +card version 1\n$/m,
    );
  });

  it('"price set" refuses a price that says nothing, or two things', async () => {
    const set = ['price', 'set', 'scorer'];
    await acme.refused(2, ...set);
    await acme.refused(2, ...set, '--items-of', '$.leadIds');
    await acme.refused(2, ...set, '--per-unit', 'tokens');
    await acme.refused(2, ...set, '--per-call', '1', '--price-json', '{"perCall": 1}');
    await acme.refused(2, ...set, '--price-json', '[]');
    const wrong = await acme.refused(3, ...set, '--per-call', '0.0000001');
    assert.equal(wrong.code, 'request.invalid');
    assert.match(wrong.said, /price\.perCall/);
    assert.equal((await acme.refused(5, ...set, '--skill', 'none', '--per-call', '1')).code, 'prices.skill-unknown');
    assert.equal(await acme.told('price', 'list'), 'There are no price overrides.\n');
  });
});
