/**
 * Guarantee: facts about a person can be made unreadable for ever without touching an entry: the hash chain still verifies, and no copy of
 * the database reveals them, with or without the platform's key (T37).
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { withAnotherEnd } from '@colloquy/testkit';
import { factCipher } from '../src/adapters/audit/index.ts';
import { KeyVault } from '../src/adapters/keys/index.ts';
import { createSubjectKeyStore } from '../src/adapters/postgres/audit/subject-key-store.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { createPersonalFacts, erasedFact } from '../src/modules/audit/index.ts';
import type { AuditFacts } from '../src/modules/audit/index.ts';
import { startAuditSetting } from './audit-setting.ts';
import type { AuditSetting } from './audit-setting.ts';

const subjects = 1_000;

describe('erasing', () => {
  let setting: AuditSetting;
  before(async () => {
    setting = await startAuditSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  /** Everything in every table, as a dump has it. */
  async function dump(): Promise<string> {
    const tables = await setting.rows<{ name: string }>(
      `select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace = 'colloquy'::regnamespace`,
    );
    const texts = await Promise.all(
      tables.map(async ({ name }) => {
        const [row] = await setting.rows<{ text: string | null }>(
          `select string_agg(t::text, E'\\n') as text from ${name} t`,
        );
        return row?.text ?? '';
      }),
    );
    return texts.join('\n');
  }

  it('AUDIT-10 a thousand subjects leaves no word about them, a chain that verifies, and one tombstone each', async () => {
    const tenantId = await setting.newTenant();
    const keys = createSubjectKeyStore(setting.app);
    const personal = createPersonalFacts({ keys, secretBox: new KeyVault(Buffer.alloc(32, 5)), cipher: factCipher });
    const people = Array.from({ length: subjects }, (_, at) => ({
      subjectId: `per_${at}`,
      facts: { name: `Name ${randomBytes(8).toString('hex')}`, address: `Address "${randomBytes(8).toString('hex')}"` },
    }));
    const spared = { subjectId: 'per_spared', facts: { name: 'Another person' } };
    const kept: AuditFacts[] = [];
    for (const { subjectId, facts } of [...people, spared]) {
      const sealed = await personal.seal(tenantId, subjectId, facts);
      kept.push(sealed);
      await setting.audit.append(setting.entry(tenantId, { facts: sealed, resource: `people/${subjectId}` }));
    }
    const node = setting.newNode();
    await setting.settled();
    await setting.sealer().round(node);
    const shown = await personal.reveal(tenantId, kept);
    assert.deepEqual(
      shown,
      [...people, spared].map(({ facts }) => facts),
      'a client that may read the log reads them',
    );
    const ledger = await setting.rows('select * from colloquy.ledger_entries');

    for (const { subjectId } of people) {
      const tombstone = setting.entry(tenantId, {
        action: 'subject.erased',
        resource: `subjects/${subjectId}`,
        facts: {},
      });
      assert.equal(await keys.erase(subjectId, tombstone), true);
      assert.equal(await keys.erase(subjectId, { ...tombstone, entryId: setting.ids.next('ent') }), false);
    }
    await setting.settled();
    await setting.sealer().round(node);

    const text = await dump();
    for (const { facts } of people)
      for (const word of Object.values(facts)) assert.ok(!text.includes(word.replaceAll('"', '').slice(-17, -1)), word);
    const [left] = await setting.rows<{ keys: number; tombstones: number }>(
      `select (select count(*)::int from colloquy.audit_subjects where tenant_id = $1 and key_sealed is not null) as keys,
        (select count(*)::int from colloquy.audit_entries where tenant_id = $1 and action = 'subject.erased') as tombstones`,
      uuidOf(tenantId),
    );
    assert.deepEqual(left, { keys: 1, tombstones: subjects });
    const after = await personal.reveal(tenantId, kept);
    for (const facts of after.slice(0, -1)) for (const word of Object.values(facts)) assert.equal(word, erasedFact);
    assert.deepEqual(after.at(-1), spared.facts);
    const again = await personal.seal(tenantId, 'per_1', { name: 'Back again' });
    assert.deepEqual(again, { name: erasedFact }, 'nothing more is kept about an erased person');
    await assert.rejects(
      setting.rows(`update colloquy.audit_subjects set key_sealed = 'x', erased_at = null where erased_at is not null`),
      { code: '42501' },
    );
    const verdict = await setting.verdictOf(tenantId);
    assert.deepEqual([verdict.isIntact, verdict.provenRecords], [true, 1 + subjects + 1 + subjects]);
    assert.deepEqual(await setting.rows('select * from colloquy.ledger_entries'), ledger);
  });

  it('a sealed fact opens for its own subject, tenant and name alone', async () => {
    const [one, other] = [await setting.newTenant(), await setting.newTenant()];
    const keys = createSubjectKeyStore(setting.app);
    const personal = createPersonalFacts({ keys, secretBox: new KeyVault(Buffer.alloc(32, 5)), cipher: factCipher });
    const sealed = await personal.seal(one, 'per_a', { name: 'Ada' });
    await personal.seal(one, 'per_b', { name: 'Bob' });
    await personal.seal(other, 'per_a', { name: 'Ann' });
    const text = sealed['name'] ?? '';
    for (const [tenantId, facts] of [
      [one, { address: text }],
      [one, { name: text.replace('per_a', 'per_b') }],
      [other, { name: text }],
      [one, { name: withAnotherEnd(text) }],
      [one, { name: text.replace('per_a', 'per_unknown') }],
    ] as const) {
      const [revealed = {}] = await personal.reveal(tenantId, [facts]);
      assert.deepEqual(Object.values<string>(revealed), [erasedFact]);
    }
    const plain = { name: 'sealed:1:%zz:AA', other: 'sealed', third: 'sealed:1:x' };
    assert.deepEqual(await personal.reveal(one, [plain]), [plain], 'what only looks like one stays as it is');
  });
});
