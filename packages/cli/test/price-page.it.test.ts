/** Guarantee: the agent, the program and the commands of the how-to for prices work as they stand there: 200 leads reserve 100 credits, and 120 scored ones cost 60. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting } from './command-setting.ts';

const page = readFileSync(new URL('../../../docs/how-to/price-skills.md', import.meta.url), 'utf8');
const blocks = (language: string): readonly string[] =>
  Array.from(page.matchAll(new RegExp(`\`\`\`${language}\\n([^]+?)\`\`\``, 'g')), ([, code = '']) => code);
const [agentProgram = '', callProgram = '', costProgram = ''] = blocks('js');
/** The client of the program before, under the name that the page uses from there on. */
const clientProgram = callProgram.slice(0, callProgram.indexOf('const inputs')).replace('{ admin }', 'client');
const [quoteText = ''] = blocks('text');
const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));
const nodeOptions = (program: string) => ['--conditions=source', '--input-type=module', '--eval', program];

/** The words of a command line in which only single quotes are special, without `npx colloquy`. */
const wordsOf = (line: string): readonly string[] =>
  Array.from(line.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? '').slice(2);

describe('the how-to for prices', () => {
  let setting: CommandSetting;
  let agent: ChildProcess;
  let agentUrl: string;

  before(async () => {
    setting = await startCommandSetting();
    agent = spawn(process.execPath, nodeOptions(agentProgram), {
      cwd: import.meta.dirname,
      env: { PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.ok(agent.stdout !== null);
    for await (const line of createInterface({ input: agent.stdout })) {
      [agentUrl = ''] = /http:\S+/.exec(line) ?? [];
      break;
    }
  });
  after(async () => {
    agent?.kill();
    await setting?.[Symbol.asyncDispose]();
  });

  /** Types a command of the page. */
  function typed(line: string): Promise<string> {
    const words = wordsOf(line).map((word) => (word === 'http://127.0.0.1:9000' ? agentUrl : word));
    const isForOperators = words[1] === 'configure';
    return (isForOperators ? setting.operator : setting.acme).told(...words);
  }
  const named = (start: string): string => commands.find((line) => line.startsWith(`npx colloquy ${start}`)) ?? '';

  it('registers the agent, and its quote is the one of the page', async () => {
    await typed(named('agent register'));
    assert.match(
      await typed(named('price show')),
      /scoreLookalike +0\.5 per item of \$\.leadIds\[\*\] +card version 1/,
    );
    assert.equal(await typed(named('quote')), quoteText);
  });

  it('CREDIT-15 reserves 100 credits for 200 leads, settles 60 for 120 scored ones, and releases 40', async () => {
    const env = environment();
    const run = promisify(execFile)(process.execPath, nodeOptions(callProgram), { cwd: import.meta.dirname, env });
    const [first, ...lines] = (await run).stdout.trim().split('\n');
    assert.equal(first, 'It would cost 100 credits.');
    assert.deepEqual(lines.slice(-3).toSorted(), ['release 40', 'reserve 100', 'settle 60']);
    assert.ok(lines.includes('completed'));
  });

  it('CREDIT-59 shows what the task cost, and a program reads it', async () => {
    const list = await typed(named('task list'));
    const [, id = ''] = /^(tsk_\w+) +completed +scorer .* 60 settled, 40 released /m.exec(list) ?? [];
    assert.match(await typed(named('task show').replace('<id>', id)), /^items +120 +0\.5 +60$/m);
    const program = nodeOptions(clientProgram + costProgram);
    const env = environment();
    const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: import.meta.dirname, env });
    assert.equal(stdout, 'It cost 1.5 credits.\n');
  });

  function environment() {
    const { clientId, clientSecret, slug } = setting.tenant;
    return {
      COLLOQUY_URL: setting.platform.url,
      COLLOQUY_TENANT: slug,
      COLLOQUY_CLIENT_ID: clientId,
      COLLOQUY_CLIENT_SECRET: clientSecret,
    };
  }

  it('overrides prices and sets the overage policy', async () => {
    for (const line of commands.filter((line) => /colloquy (?:price (?!show)|credits)/.test(line))) await typed(line);
    assert.match(
      await setting.acme.told('price', 'list'),
      /^scorer +\(agent\) +2030-01-01T00:00:00\.000Z +no +1 per call \+ 0\.01 per second$/m,
    );
  });

  it('has no command that this test does not type', () => {
    const types = [
      'agent register',
      'price show',
      'task list',
      'task show',
      'quote',
      'price set',
      'price list',
      'price unset',
      'credits configure',
    ];
    for (const line of commands)
      assert.ok(
        types.some((type) => line.startsWith(`npx colloquy ${type}`)),
        line,
      );
  });
});
