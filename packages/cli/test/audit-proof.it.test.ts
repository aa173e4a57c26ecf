/**
 * Guarantee: a reader of a tenant's audit log searches and exports it, and verifies the export without the platform; every change of the file
 * and every invalid proof ends with a status that a script sees (T37).
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkpointDirOf, eventually, plainCard } from '@colloquy/testkit';
import { startCommandSetting } from './command-setting.ts';
import type { CommandSetting, Shell } from './command-setting.ts';
import { runCommand } from './run-command.ts';
import type { CommandResult } from './run-command.ts';

interface Finding {
  readonly isIntact: boolean;
  readonly firstBadSeq: number | null;
  readonly damage: string | null;
  readonly provenRecords: number;
}

interface Found {
  readonly seq: number;
  readonly action: string;
  readonly outcome: string;
  readonly resource: string;
  readonly facts: Readonly<Record<string, string>>;
}

describe('the audit log at the command line', () => {
  let setting: CommandSetting;
  let acme: Shell;
  let folder: string;
  let lines: readonly string[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'colloquy-audit-proof-'));
    setting = await startCommandSetting({ env: { COLLOQUY_AUDIT_CHECKPOINT_MS: '100' } });
    ({ acme } = setting);
    const { admin } = setting.tenant.client;
    const supportedInterfaces = [
      { url: 'http://127.0.0.1:9000/a2a', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
    ];
    for (const name of ['one', 'two', 'three', 'four'])
      await admin.registerAgent({ body: { name, card: { ...plainCard(name), supportedInterfaces } } });
    await assert.rejects(
      admin.registerAgent({ body: { name: 'one', card: { ...plainCard('one'), supportedInterfaces } } }),
    );
    await takeAway();
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const file = (name: string): string => join(folder, name);
  const [log, checkpoints, key] = ['audit.jsonl', 'checkpoints.jsonl', 'key.json'];

  /** Everything that there is for now: what the platform wrote outside, the key, and the entries. */
  async function takeAway(): Promise<void> {
    await eventually('everything is signed', async () => {
      const [newest] = await acme.value<readonly Found[]>('audit', 'search', '--limit', '1');
      const signed = await acme.value<readonly { size: number }[]>('audit', 'checkpoints');
      const written = await acme.value<readonly object[]>('audit', 'tail', '--lines', '1000');
      return signed.at(-1)?.size === newest?.seq && newest?.seq === written.length;
    });
    const { adminUrl } = setting.platform.database;
    await acme.told('audit', 'export', file(log));
    lines = readFileSync(file(log), 'utf8').trimEnd().split('\n');
    const { record } = JSON.parse(lines[0] ?? '') as { record: { tenantId: string } };
    copyFileSync(join(checkpointDirOf(adminUrl), `${record.tenantId}.jsonl`), file(checkpoints));
    writeFileSync(file(key), await acme.told('audit', 'key', '--json'));
  }

  /** Verifies a file without a platform. */
  const verify = (name: string, ...more: readonly string[]): Promise<CommandResult> =>
    runCommand(['audit', 'verify', file(name), ...more]);
  const proof = (): readonly string[] => ['--checkpoints', file(checkpoints), '--key', file(key)];
  const written = (name: string, content: readonly string[]): string => {
    writeFileSync(file(name), content.map((line) => `${line}\n`).join(''));
    return name;
  };

  it('is searched, newest first, for what was asked for and nothing else', async () => {
    const table = await acme.told('audit', 'search', '--action', 'agent.registered', '--outcome', 'succeeded');
    assert.match(table, /^SEQ +TIME +ACTION +OUTCOME +RESOURCE +ACTOR +FACTS\n/);
    assert.deepEqual(
      Array.from(table.matchAll(/ (agents\/\w+) /g), ([, resource]) => resource),
      ['agents/four', 'agents/three', 'agents/two', 'agents/one'],
    );
    const refused = await acme.value<readonly Found[]>('audit', 'search', '--outcome', 'refused', '--limit', '1');
    assert.deepEqual(
      refused.map(({ action, resource }) => [action, resource]),
      [['agent.registered', 'agents/one']],
    );
    const otherActor = ['audit', 'search', '--actor', `cli_${'0'.repeat(32)}`];
    assert.equal(await acme.told(...otherActor), 'No entries match.\n');
    assert.deepEqual(await acme.value('audit', 'search', '--until', '2020-01-01T00:00:00Z'), []);
    const wrong: readonly (readonly [status: number, says: RegExp, ...argv: readonly string[]])[] = [
      [2, /--limit must be a whole number/, '--limit', '0'],
      [3, /^ {2}from/m, '--from', 'yesterday'],
      [2, /Allowed choices are succeeded/, '--outcome', 'fine'],
      [3, /^ {2}action/m, '--action', 'agent.sang'],
    ];
    for (const [status, says, ...argv] of wrong)
      assert.match((await acme.refused(status, 'audit', 'search', ...argv)).said, says, argv.join(' '));
  });

  it('is proven without the platform: every entry of an untouched export, with what was signed outside', async () => {
    const { status, stdout, stderr } = await verify(log, ...proof());
    assert.deepEqual([status, stderr], [0, '']);
    const count = lines.length;
    assert.match(
      stdout,
      new RegExp(`^Intact: ${count} entries, ${count} of them proven by [1-9]\\d* signed checkpoints\\.\n$`),
    );
    const json = await verify(log, ...proof(), '--json');
    assert.equal((JSON.parse(json.stdout) as Finding).provenRecords, count);
    const shown = await acme.told('audit', 'checkpoints');
    assert.match(shown, new RegExp(`^ENTRIES +SIGNED\n(?:\\d+ +\\d{4}-\\S+\n)*${count} +\\d{4}-`));
    const signed = await acme.told('audit', 'checkpoints', '--lines');
    assert.equal(signed, readFileSync(file(checkpoints), 'utf8'), 'the database shows what was written outside');
    const { kty, crv } = JSON.parse(await acme.told('audit', 'key')) as { kty: string; crv: string };
    assert.deepEqual([kty, crv], ['OKP', 'Ed25519']);
  });

  const touches: readonly (readonly [
    what: string,
    touch: (entries: readonly string[]) => readonly string[],
    seq: (count: number) => number,
    says: RegExp,
  ])[] = [
    ['a word changed', (all) => all.with(2, (all[2] ?? '').replace('succeeded', 'failed')), () => 3, /was changed/],
    ['an entry taken out', (all) => all.toSpliced(2, 1), () => 3, /missing, was inserted or was moved/],
    ['two entries swapped', (all) => all.toSpliced(1, 2, all[2] ?? '', all[1] ?? ''), () => 2, /was moved/],
    ['an entry repeated', (all) => all.toSpliced(1, 0, all[0] ?? ''), () => 2, /was inserted/],
    ['a line torn', (all) => all.with(3, (all[3] ?? '').slice(0, 80)), () => 4, /no audit entry/],
    ['its end cut off', (all) => all.slice(0, -2), (count) => count - 1, /missing at the end/],
    ['all of it taken out', () => [], () => 1, /missing at the end/],
  ];
  for (const [what, touch, seq, says] of touches) {
    it(`is not proven with ${what}, and the place is named`, async () => {
      const name = written('touched.jsonl', touch(lines));
      const { status, stdout } = await verify(name, ...proof());
      assert.equal(status, 6);
      assert.match(stdout, new RegExp(`^NOT intact at sequence ${seq(lines.length)}: `));
      assert.match(stdout, says);
      const json = await verify(name, ...proof(), '--json');
      const { isIntact, firstBadSeq, damage } = JSON.parse(json.stdout) as Finding;
      assert.deepEqual([json.status, isIntact, firstBadSeq], [6, false, seq(lines.length)]);
      assert.notEqual(damage, null);
      assert.equal((await verify(log, ...proof())).status, 0, 'the untouched one is still proven');
    });
  }

  it('is not proven by unsigned checkpoints or another key', async () => {
    const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    const own = JSON.parse(readFileSync(file(key), 'utf8')) as object;
    writeFileSync(file('other.json'), JSON.stringify({ ...own, x }));
    written('unsigned.jsonl', ['{"checkpoint":{}}']);
    written('empty.jsonl', []);
    for (const [lineFile, keyFile] of [
      [checkpoints, 'other.json'],
      ['unsigned.jsonl', key],
      ['empty.jsonl', key],
    ] as const) {
      const { status, stdout } = await verify(log, '--checkpoints', file(lineFile), '--key', file(keyFile));
      assert.equal(status, 6, lineFile);
      assert.match(
        stdout,
        /^NOT proven: the key signed none of the checkpoints\. The hashes of \d+ entries match\.\n$/,
      );
    }
    const { status, stderr } = await verify(log, '--checkpoints', file('unsigned.jsonl'), ...proof());
    assert.equal(status, 0, 'one file that proves it is enough');
    assert.match(stderr, /^1 checkpoint lines were ignored/);
    const foreign = await verify(log, ...proof(), '--tenant', `tnt_${'0'.repeat(32)}`);
    assert.equal(foreign.status, 6);
  });

  it('can not be verified with files that are none, and says which', async () => {
    writeFileSync(file('ec.json'), JSON.stringify({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: '1' }));
    writeFileSync(file('short.json'), JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'AA', kid: '1' }));
    const at = ['--checkpoints', file(checkpoints)];
    const wrong: readonly (readonly [status: number, says: RegExp, ...argv: readonly string[]])[] = [
      [2, /Missing required argument "file"/],
      [2, /--checkpoints needs the key/, file(log), ...at],
      [1, /nowhere\.jsonl can not be read/, file('nowhere.jsonl'), ...proof()],
      [1, /nowhere\.jsonl can not be read/, file(log), '--checkpoints', file('nowhere.jsonl'), '--key', file(key)],
      [1, /nowhere\.json can not be read as JSON/, file(log), ...at, '--key', file('nowhere.json')],
      [1, /ec\.json holds no public key of checkpoints/, file(log), ...at, '--key', file('ec.json')],
      [1, /short\.json holds no public key/, file(log), ...at, '--key', file('short.json')],
    ];
    for (const [status, says, ...argv] of wrong)
      assert.match((await acme.refused(status, 'audit', 'verify', ...argv)).said, says, argv.join(' '));
  });

  it('tells nothing of a subject that was erased, and what was exported before and after is proven as ever', async () => {
    const named = await setting.newClient('Laptop of Zebulon', 'a2a:read');
    const reader = await setting.newClient('reader', 'audit:read');
    const factsOf = async (): Promise<readonly (string | undefined)[]> => {
      const at = ['--action', 'client.created', '--resource', `clients/${named.clientId}`];
      return (await acme.value<readonly Found[]>('audit', 'search', ...at)).map(({ facts }) => facts['name']);
    };
    await eventually('the entry is sealed', async () => (await factsOf()).join() === 'Laptop of Zebulon');
    assert.equal((await acme.refused(2, 'audit', 'erase')).code, 'cli.usage');
    assert.equal((await reader.refused(4, 'audit', 'erase', named.clientId)).code, 'access.scope-missing');
    assert.deepEqual(await factsOf(), ['Laptop of Zebulon'], 'nothing was erased');

    assert.equal(await acme.told('audit', 'erase', named.clientId), `Erased ${named.clientId}.\n`);
    assert.equal(await acme.told('audit', 'erase', named.clientId), `${named.clientId} was erased before.\n`);
    const again = await acme.value<object>('audit', 'erase', named.clientId);
    assert.deepEqual(again, { subjectId: named.clientId, isNew: false });
    assert.deepEqual(await factsOf(), ['[erased]']);
    assert.equal((await verify(log, ...proof())).status, 0, 'what was taken away before');
    await takeAway();
    const { status, stdout } = await verify(log, ...proof());
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^Intact: ${lines.length} entries, ${lines.length} of them proven`));
    assert.ok(!lines.join().includes('Zebulon'));
  });
});
