/** Guarantee: a wrong command line does nothing, says what is wrong and what to do, and is told by its exit status. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { commands } from '../src/cli.ts';
import { writeProfile } from '../src/connection/profile.ts';
import { emptyHome, runCommand } from './run-command.ts';

/** A port on which nothing listens. */
const nowhere = 'http://127.0.0.1:9';
const complete = {
  COLLOQUY_URL: nowhere,
  COLLOQUY_TENANT: 'acme',
  COLLOQUY_CLIENT_ID: 'cli_1',
  COLLOQUY_CLIENT_SECRET: 'cls_secret',
};

const mistakes: readonly { readonly argv: readonly string[]; readonly says: RegExp }[] = [
  { argv: ['sing'], says: /no command "sing"/ },
  { argv: ['sing', '--help'], says: /no command "sing"/ },
  { argv: ['help', 'sing'], says: /no command "sing"/ },
  { argv: ['agent', 'sing'], says: /no command "agent sing"/ },
  { argv: ['help', 'agent', 'sing'], says: /no command "agent sing"/ },
  { argv: ['agnet', 'list'], says: /no command "agnet"\. Did you mean "agent"\?/ },
  { argv: ['agent', 'regster'], says: /Did you mean "agent register"\?/ },
  { argv: ['register', 'echo'], says: /Did you mean "agent register"\?/ },
  { argv: ['agent', 'list', '--tenat', 'acme'], says: /Did you mean "--tenant"\?/ },
  { argv: ['--profile', 'acme', 'agent', 'list'], says: /Write options after the command/ },
  {
    argv: ['limit', 'set', 'tennant'],
    says: /"tennant" is invalid\. Allowed choices are tenant, client, agent\. Did you mean "tenant"\?/,
  },
  { argv: ['send', 'echo'], says: /Missing required argument "text"\.\n/ },
  { argv: ['agent', 'search', '--health', 'helthy'], says: /Did you mean "healthy"\?\n/ },
  { argv: ['agent', 'search', '--tier', 'Glod'], says: /gold, silver, bronze\. Did you mean "gold"\?\n/ },
  { argv: ['agent', 'search', '--tier', 'platinum'], says: /gold, silver, bronze\.\n/ },
  {
    argv: ['agent', 'probe', 'echo', '--kind', 'htp'],
    says: /"htp" is invalid\. Allowed choices are wire, http, tcp, none/,
  },
  {
    argv: ['routing', 'set', 'echo', '--choice', 'x'],
    says: /Allowed choices are least-outstanding, weighted, spread/,
  },
  { argv: ['client', 'create', 'ci', '--bound', 'mtls'], says: /Allowed choices are none, dpop, certificate/ },
  { argv: ['audit', 'verify', 'none.jsonl', '--behind', 'x'], says: /--after-seq must be a whole number/ },
  { argv: ['send', 'echo'], says: /Missing required argument "text"/ },
  { argv: ['send', 'echo', 'two', 'words'], says: /Too many arguments for "send".*Quote text/s },
  { argv: ['send', 'echo', 'x', '--loud'], says: /Unknown option "--loud"/ },
  { argv: ['send', 'echo', 'x', '--task'], says: /"--task <id>" argument missing/ },
  { argv: ['send', 'echo', 'x', '--context', '--no-wait'], says: /"--context" has no value.*"--context=<value>"/s },
  { argv: ['suspend', 'tenant', '--reason', '-urgent'], says: /"--reason" has no value/ },
  { argv: ['send', 'echo', 'x', '--no-wait=yes'], says: /The option "--no-wait" takes no value/ },
  { argv: ['send', 'echo', 'x', '--budget', '50000000000'], says: /Write 50000 for 50000000000 microcredits/ },
  { argv: ['send', 'echo', 'x', '--budget', '-5'], says: /--budget must be an amount of credits/ },
  { argv: ['audit', 'tail', '--lines', 'many'], says: /--lines must be a whole number/ },
  { argv: ['audit', 'tail', '--since', 'yesterday'], says: /not a time span/ },
  { argv: ['credits', 'grant', 'acme', '1.2345678'], says: /amount of credits/ },
  { argv: ['credits', 'grant', 'acme', '-5'], says: /-5/ },
  { argv: ['credits', 'grant', 'acme', '9000000001'], says: /amount of credits/ },
  { argv: ['agent', 'register', 'echo', 'localhost:9000'], says: /not an address/ },
  { argv: ['agent', 'register', 'e', 'http://x', '--bearer-file', 'a', '--api-key-file', 'b'], says: /one credential/ },
  { argv: ['up', '--port', '99999'], says: /--port must be a whole number/ },
  { argv: ['token', '--url', 'not an address'], says: /not an address/ },
  { argv: ['token', '--profile', 'none'], says: /no profile "none"/ },
];

describe('command line: mistakes', () => {
  for (const { argv, says } of mistakes) {
    it(`are told for: ${argv.join(' ')}`, async () => {
      const { status, stdout, stderr } = await runCommand(argv, complete);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, says);
      assert.match(stderr, /^error: .+\n {2}what to do: .+\n$/);
    });
  }

  it('are told for an option that would take the next one for its value, as JSON when that is --json', async () => {
    for (const argv of [
      ['client', 'create', 'ci', '--save-profile', '--json'],
      ['send', 'echo', 'x', '--task', '--json'],
    ]) {
      const { status, stdout, stderr } = await runCommand(argv, complete);
      assert.deepEqual([status, stderr], [2, '']);
      assert.match(stdout, /"code":"cli.usage".*has no value/);
    }
    const written = ['send', 'echo', 'x', '--task=--json', '--context', '-1', '--', '--task', '--json'];
    assert.match((await runCommand(written.slice(0, 6), complete)).stderr, /No whole answer came from/);
    assert.match((await runCommand(written, complete)).stderr, /Too many arguments/, 'words after "--" are no options');
  });

  it('in the name of an option never show the value that was given with it, and say what was meant', async () => {
    for (const argv of [
      ['agent', 'list', '--client-secert=S3CR3T'],
      ['agent', 'list', "--client-secert=it's\nS3CR3T"],
      ['agent', 'list', '--client-secert', 'S3CR3T'],
      ['agent', 'list', '--client-secret', '-S3CR3T'],
      ['--client-secret=S3CR3T', 'agent', 'list'],
    ]) {
      for (const words of [argv, [...argv, '--json']]) {
        const { status, stdout, stderr } = await runCommand(words, complete);
        assert.equal(status, 2);
        assert.match(stdout + stderr, /--client-sec/);
        assert.doesNotMatch(stdout + stderr, /S3CR3T/);
      }
    }
    const { stderr } = await runCommand(['agent', 'list', '--client-secert=S3CR3T'], complete);
    assert.match(stderr, /Unknown option "--client-secert"\. Did you mean "--client-secret"\?/);
  });

  it('never list the commands', async () => {
    const { stderr } = await runCommand(['agnet']);
    assert.ok(stderr.length < 200, stderr);
  });

  it('are one JSON value on stdout and nothing else with --json', async () => {
    const { status, stdout, stderr } = await runCommand(['send', 'echo', '--json'], complete);
    assert.equal(status, 2);
    assert.equal(stderr, '');
    const { error, exitStatus } = JSON.parse(stdout) as { error: Record<string, string>; exitStatus: number };
    assert.equal(error['code'], 'cli.usage');
    assert.equal(exitStatus, 2);
  });
});

describe('command line: what it suggests after a start with npx', () => {
  const npx = { ...complete, npm_lifecycle_event: 'npx' };
  const bare = /(?<!npx |\/)colloquy (?=[a-z<])/;

  it('can be typed as they are printed, in help, examples, errors and remedies', async () => {
    const shown = [
      await runCommand([], npx),
      await runCommand(['agent', '--help'], npx),
      await runCommand(['up', '--help'], npx),
      await runCommand(['audit', 'checkpoint', '--help'], npx),
      await runCommand(['help', 'environment'], npx),
      await runCommand(['agnet'], npx),
      await runCommand(['agent', 'lst'], npx),
      await runCommand(['agent', 'list'], npx),
      await runCommand(['agent', 'list'], { npm_lifecycle_event: 'npx' }),
      await runCommand(['doctor', '--url', nowhere], npx),
    ];
    for (const { stdout, stderr } of shown) {
      assert.match(stdout + stderr, /npx colloquy[ "]/);
      assert.doesNotMatch(stdout + stderr, bare);
    }
    assert.match((await runCommand(['agnet'], npx)).stderr, /Run "npx colloquy" to list the commands/);
  });

  it('name the command alone where it was started alone, also by a script of npm', async () => {
    for (const env of [complete, { ...complete, npm_lifecycle_event: 'test' }])
      assert.match((await runCommand(['agent', 'list'], env)).stderr, /with "colloquy up", or run "colloquy doctor"/);
  });
});

describe('command line: where the platform is', () => {
  it('is checked by "doctor" at the address of the profile when a secret is given without its client', async () => {
    const env = { XDG_CONFIG_HOME: emptyHome(), COLLOQUY_CLIENT_SECRET: 'cls_other' };
    writeProfile(env, 'default', { url: nowhere, tenant: 'acme', clientId: 'cli_1', clientSecret: 'cls_secret' });
    const { status, stdout } = await runCommand(['doctor'], env);
    assert.equal(status, 1);
    assert.ok(stdout.includes(`fail  platform      nothing answers at ${nowhere}\n`), stdout);
    assert.match(stdout, /warn {2}token +COLLOQUY_CLIENT_SECRET is given without a client id/);
  });

  it('is asked for, by the name of what is missing', async () => {
    for (const missing of Object.keys(complete)) {
      const env = Object.fromEntries(Object.entries(complete).filter(([name]) => name !== missing));
      const { status, stderr } = await runCommand(['token'], env);
      assert.equal(status, 2, missing);
      assert.match(stderr, new RegExp(missing), missing);
    }
  });

  it('is told to be unreachable with a status that says so, for every command that connects', async () => {
    const argv = ['agent', 'list', '--json'];
    const { status, stdout } = await runCommand(argv, complete);
    assert.equal(status, 8);
    assert.match(stdout, /"code":"sdk.unreachable"/);
    assert.doesNotMatch(stdout, /cls_secret/);
    assert.ok(commands.filter(({ connects }) => connects).length > 10);
  });

  it('comes from a profile that only its owner can read', async () => {
    const home = emptyHome();
    const env = { XDG_CONFIG_HOME: home };
    const profile = { url: nowhere, tenant: 'acme', clientId: 'cli_1', clientSecret: 'cls_secret' };
    const file = writeProfile(env, 'default', profile);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((await runCommand(['agent', 'list'], env)).status, 8, 'it was found');
    chmodSync(file, 0o644);
    const { status, stderr } = await runCommand(['agent', 'list'], env);
    assert.equal(status, 1);
    assert.match(stderr, /chmod 600/);
  });

  it('never lends the secret of a profile to another address', async () => {
    const env = { XDG_CONFIG_HOME: emptyHome() };
    writeProfile(env, 'default', { url: nowhere, tenant: 'acme', clientId: 'cli_1', clientSecret: 'cls_secret' });
    const { status, stderr } = await runCommand(['agent', 'list', '--url', 'http://127.0.0.1:10'], env);
    assert.equal(status, 2);
    assert.match(stderr, /The tenant is not known/);
  });

  it('says that a profile belongs to another address, and which profile belongs to this one', async () => {
    const env = { XDG_CONFIG_HOME: emptyHome() };
    const here = 'http://127.0.0.1:10';
    writeProfile(env, 'default', { url: nowhere, tenant: 'acme', clientId: 'cli_1', clientSecret: 'cls_secret' });
    writeProfile(env, 'here', { url: `${here}/`, tenant: 'acme', clientId: 'cli_2', clientSecret: 'cls_secret' });
    const { stderr } = await runCommand(['agent', 'list', '--url', here], env);
    assert.ok(stderr.includes(`The profile "default" belongs to ${nowhere}, not to ${here}.`), stderr);
    assert.match(stderr, /with --profile: here\./);
    const half = await runCommand(['agent', 'list', '--url', here, '--tenant', 'acme'], env);
    assert.ok(half.stderr.includes(`The calling client is not known. The profile "default" belongs to ${nowhere}`));
  });

  it('never overrules a given secret with the one of a profile', async () => {
    const env = { XDG_CONFIG_HOME: emptyHome() };
    writeProfile(env, 'default', { url: nowhere, tenant: 'acme', clientId: 'cli_1', clientSecret: 'cls_secret' });
    for (const [source, argv, variables] of [
      ['--client-secret', ['--client-secret', 'cls_other'], {}],
      ['COLLOQUY_CLIENT_SECRET', [], { COLLOQUY_CLIENT_SECRET: 'cls_other' }],
    ] as const) {
      const { status, stderr } = await runCommand(['agent', 'list', ...argv], { ...env, ...variables });
      assert.equal(status, 2);
      assert.ok(stderr.includes(`${source} is given without a client id, and the profile "default" has `), stderr);
      assert.match(stderr, /leave out .* to act as cli_1 of the profile/);
      assert.doesNotMatch(stderr, /cls_/);
    }
    const ofTwo = await runCommand(['agent', 'list', '--client-id', 'cli_2'], env);
    assert.match(ofTwo.stderr, /The secret of the client cli_2 is not known/);
    assert.equal((await runCommand(['agent', 'list', '--client-id', 'cli_1'], env)).status, 8, 'it is the same client');
  });

  it('is not guessed from a profile file that is broken', async () => {
    const home = emptyHome();
    const file = path.join(home, 'colloquy', 'profile.json');
    mkdirSync(path.dirname(file));
    writeFileSync(file, '{"profiles":{"default":{"url":1}}}', { mode: 0o600 });
    const { status, stderr } = await runCommand(['agent', 'list'], { XDG_CONFIG_HOME: home });
    assert.equal(status, 1);
    assert.match(stderr, /is not understood/);
  });

  it('starts no platform beside a profile file that is broken', async () => {
    const home = emptyHome();
    writeProfile({ XDG_CONFIG_HOME: home }, 'default', { url: '', tenant: '', clientId: '', clientSecret: '' });
    writeFileSync(path.join(home, 'colloquy', 'profile.json'), '{}');
    const data = path.join(home, 'data');
    const { status, stdout, stderr } = await runCommand(['up', '--port', '0', '--data-dir', data], {
      XDG_CONFIG_HOME: home,
    });
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /is not understood/);
    assert.ok(!existsSync(data), 'nothing was started');
  });
});
