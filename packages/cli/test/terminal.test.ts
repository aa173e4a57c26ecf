/** Guarantee: colours and progress are for terminals only; what programs read has neither. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { Arguments } from '../src/arguments.ts';
import { commands, runCli } from '../src/cli.ts';
import { createOutput } from '../src/output/output.ts';
import type { Surroundings } from '../src/surroundings.ts';
import { emptyHome } from './run-command.ts';

const escape = '\u001b[';
/** Tenths of a second that a spinner gets to appear; it takes three. */
const patienceTenths = 10;

/** A stream that is a terminal when it has columns. */
class Screen extends Writable {
  readonly isTTY: boolean;
  readonly columns: number;
  text = '';

  constructor(columns?: number) {
    super();
    this.isTTY = columns !== undefined;
    this.columns = columns ?? 0;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }

  cursorTo(): void {}
  moveCursor(): void {}
  clearLine(): void {}
}

interface Screens {
  readonly stdout: Screen;
  readonly stderr: Screen;
}

function surroundingsOf(look: Screens, env: Readonly<Record<string, string>>): Surroundings {
  const environment = { XDG_CONFIG_HOME: emptyHome(), TERM: 'xterm-256color', ...env };
  return { env: environment, ...look, signal: new AbortController().signal, nowMs: Date.now };
}

async function type(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  columns?: number,
): Promise<Screens> {
  const look = { stdout: new Screen(columns), stderr: new Screen(columns) };
  await runCli(argv, surroundingsOf(look, env));
  return look;
}

describe('colours', () => {
  it('are used on a terminal, for results and for errors', async () => {
    assert.ok((await type(['--help'], {}, 80)).stdout.text.includes(escape));
    assert.ok((await type(['agent', 'register', '--help'], {}, 80)).stdout.text.includes(escape));
    const { stdout, stderr } = await type(['agent', 'list'], {}, 80);
    assert.ok(stderr.text.startsWith(`${escape}31merror:`));
    assert.equal(stdout.text, '');
  });

  it('are not used elsewhere, with NO_COLOR, on a dumb terminal, or with --json', async () => {
    const shown = [
      await type(['--help'], {}),
      await type(['agent', 'list'], {}),
      await type(['--help'], { NO_COLOR: '1' }, 80),
      await type(['agent', 'list'], { NO_COLOR: '1' }, 80),
      await type(['--help'], { TERM: 'dumb' }, 80),
      await type(['--help'], { FORCE_COLOR: '0' }, 80),
      await type(['--help', '--json'], { FORCE_COLOR: '1' }, 80),
      await type(['agent', 'list', '--json'], { FORCE_COLOR: '1' }, 80),
    ];
    for (const { stdout, stderr } of shown) {
      assert.ok(stdout.text + stderr.text !== '');
      assert.ok(!(stdout.text + stderr.text).includes(escape));
    }
  });

  it('are used everywhere with FORCE_COLOR', async () => {
    assert.ok((await type(['--help'], { FORCE_COLOR: '1' })).stdout.text.includes(escape));
  });
});

describe('help on a narrow terminal', () => {
  it('wraps its texts', async () => {
    const { stdout } = await type(['agent', 'register', '--help'], { NO_COLOR: '1' }, 60);
    const [, options = ''] = stdout.text.split('Options:');
    const [shown = ''] = options.split('Examples:');
    assert.deepEqual(
      shown.split('\n').filter((line) => line.length > 60),
      [],
    );
  });
});

describe('progress', () => {
  const shownOn = async (
    stderr: Screen,
    json: boolean,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Screens> => {
    const look = { stdout: new Screen(80), stderr };
    const output = createOutput(surroundingsOf(look, env), json);
    // Where nothing is to be seen, this waits longer than it takes elsewhere.
    const result = await output.during('Waiting for the agent', async () => {
      for (let tenths = 0; tenths < patienceTenths && !look.stderr.text.includes('Waiting'); tenths += 1)
        await delay(100);
      return 'done';
    });
    assert.equal(result, 'done');
    return look;
  };

  it('is shown on a terminal on stderr, and the cursor comes back', async () => {
    delete process.env['CI'];
    const { stdout, stderr } = await shownOn(new Screen(80), false);
    assert.match(stderr.text, /Waiting for the agent/);
    assert.ok(stderr.text.includes(`${escape}?25h`));
    assert.equal(stdout.text, '');
  });

  it('is not shown elsewhere, on a dumb terminal, in CI, or with --json', async () => {
    const shown = await Promise.all([
      shownOn(new Screen(), false),
      shownOn(new Screen(80), false, { TERM: 'dumb' }),
      shownOn(new Screen(80), false, { CI: 'true' }),
      shownOn(new Screen(80), true),
    ]);
    for (const { stdout, stderr } of shown) assert.equal(stdout.text + stderr.text, '');
  });

  it('ends with work that fails', async () => {
    const look = { stdout: new Screen(80), stderr: new Screen(80) };
    const work = createOutput(surroundingsOf(look, {}), false).during('Working', () => Promise.reject(new Error('no')));
    await assert.rejects(work, /no/);
  });
});

describe('progress of commands', () => {
  /** Answers every request late, and with an error: each command waits and then ends. */
  let server: Server;
  let env: Readonly<Record<string, string>>;
  const lateMs = 1_000;

  before(async () => {
    delete process.env['CI'];
    const slow = createServer((_request, response) => {
      setTimeout(() => response.writeHead(404, { 'content-type': 'application/json' }).end('{}'), lateMs);
    });
    await once(slow.listen(0, '127.0.0.1'), 'listening');
    server = slow;
    env = {
      COLLOQUY_URL: `http://127.0.0.1:${String((slow.address() as AddressInfo).port)}`,
      COLLOQUY_TENANT: 'acme',
      COLLOQUY_CLIENT_ID: 'cli_1',
      COLLOQUY_CLIENT_SECRET: 'cls_secret',
    };
  });
  after(() => server.close());

  const waits: readonly (readonly [text: string, ...argv: readonly string[]])[] = [
    ["Waiting for the agent's card", 'agent', 'register', 'echo', 'http://agents.example'],
    ["Waiting for the agent's card", 'agent', 'update', 'echo'],
    ['Waiting for the agent', 'send', 'echo', 'hello'],
    ['Waiting for the agent', 'send', 'echo', 'hello', '--stream'],
    ['Waiting for the agent', 'ask', 'hello'],
    ['Waiting for the task', 'task', 'watch', 'tsk_1', '--agent', 'echo'],
    ['Waiting for the agent to cancel the task', 'task', 'cancel', 'tsk_1', '--agent', 'echo'],
    ['Exporting audit entries', 'audit', 'export', path.join(emptyHome(), 'audit.jsonl'), '--after-seq', '0'],
    ['Checking', 'doctor'],
  ];

  it('is shown on a terminal, and reaches neither stdout, a pipe nor --json', async () => {
    await Promise.all(
      waits.map(async ([text, ...argv]) => {
        const [terminal, pipe, json] = await Promise.all([
          type(argv, env, 80),
          type(argv, env),
          type([...argv, '--json'], env, 80),
        ]);
        assert.ok(terminal.stderr.text.includes(text), argv.join(' '));
        for (const { stdout } of [terminal, pipe, json]) assert.ok(!stdout.text.includes(text), argv.join(' '));
        for (const { stderr } of [pipe, json]) assert.ok(!stderr.text.includes(text), argv.join(' '));
      }),
    );
  });

  it('is shown while the platform starts', async () => {
    const mistake = { COLLOQUY_HTTP_PROT: '1' };
    const [terminal, pipe] = await Promise.all([type(['up'], mistake, 80), type(['up'], mistake)]);
    assert.match(terminal.stderr.text, /Starting the platform/);
    assert.doesNotMatch(terminal.stdout.text + pipe.stdout.text + pipe.stderr.text, /Starting the platform/);
  });

  it('is asked for by audit verify', async () => {
    const file = path.join(emptyHome(), 'audit.jsonl');
    writeFileSync(file, '');
    const asked: string[] = [];
    const screens = { stdout: new Screen(), stderr: new Screen() };
    const surroundings = surroundingsOf(screens, {});
    const output = createOutput(surroundings, false);
    const unused = (): never => assert.fail('audit verify works offline');
    await commands
      .find(({ name }) => name === 'audit verify')
      ?.run({
        ...surroundings,
        args: new Arguments([file], new Map()),
        output: { ...output, during: (text, work) => (asked.push(text), output.during(text, work)) },
        settings: unused,
        client: unused,
      });
    assert.deepEqual(asked, ['Verifying audit entries']);
  });
});
