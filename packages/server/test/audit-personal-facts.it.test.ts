/**
 * Guarantee: names and reasons that people type about themselves and others are in no audit entry in the clear: a client that may read the
 * log reads them until the subject is erased, and never afterwards (T37).
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { uuidOf } from '../src/kernel/ids.ts';
import { erasedFact } from '../src/modules/audit/index.ts';
import { cardKey, startAdminSetting } from './admin-setting.ts';
import type { Actor, AdminSetting } from './admin-setting.ts';

const word = 'Zebulon Quimby';

interface Entry {
  readonly action: string;
  readonly resource: string;
  readonly facts: Readonly<Record<string, string>>;
}

describe('personal facts of audit entries', () => {
  let setting: AdminSetting;
  let tenant: Actor;
  before(async () => {
    setting = await startAdminSetting();
    tenant = await setting.newTenant();
  });
  after(() => setting[Symbol.asyncDispose]());

  async function ask(method: string, path: string, json?: object): Promise<Record<string, unknown>> {
    const token = await tenant.token();
    const { status, text, body } = await setting.call(method, `/tenants/${tenant.slug}${path}`, {
      token,
      ...(json === undefined ? {} : { json }),
    });
    assert.ok(status < 300, `${method} ${path}: ${text}`);
    return body;
  }

  /** What the rows themselves hold, as a dump has it. */
  const kept = async (): Promise<readonly Entry[]> =>
    (await setting.registry.rows(
      'select action, resource, facts from colloquy.audit_entries where tenant_id = $1 order by entry_id',
      uuidOf(tenant.caller.tenant.id),
    )) as unknown as Entry[];

  const shown = async (): Promise<readonly Entry[]> => (await ask('GET', '/audit?limit=100'))['items'] as Entry[];

  /** Entries by action whose facts hold the word. */
  const naming = (entries: readonly Entry[]): readonly string[] =>
    entries.filter(({ facts }) => Object.values(facts).some((text) => text.includes(word))).map(({ action }) => action);

  it('are sealed in the rows, shown to readers of the log, and gone for all when their subject is erased', async () => {
    const { clientId } = await ask('POST', '/clients', { name: `Laptop of ${word}`, scopes: ['a2a:read'] });
    const { keyId } = (await ask('POST', '/api-keys', { name: `Key of ${word}`, scopes: ['a2a:read'] })) as {
      keyId: string;
    };
    await ask('POST', '/trusted-card-keys', { name: `Signer of ${word}`, jwk: cardKey });
    await ask('PUT', `/principals/${String(clientId)}/stop`, { reason: `${word} has left` });

    assert.deepEqual(naming(await kept()), [], 'no row tells it');
    const written = ['client.created', 'api-key.created', 'card-key.added', 'principal.stopped'];
    assert.deepEqual(naming(await shown()), written);

    const erasing = async (subjectId: string): Promise<readonly string[]> => {
      assert.equal((await ask('POST', '/audit/erasures', { subjectId }))['isNew'], true);
      return naming(await shown());
    };
    assert.deepEqual(await erasing(String(clientId)), ['api-key.created', 'card-key.added']);
    assert.deepEqual(await erasing(keyId), ['card-key.added']);
    assert.deepEqual(await erasing(`card-keys/${cardKey.kid}`), []);
    const own = `clients/${tenant.clientId}`;
    const entries = (await shown()).filter(({ action, resource }) => written.includes(action) && resource !== own);
    assert.deepEqual(
      entries.map(({ facts }) => facts['name'] ?? facts['reason']),
      written.map(() => erasedFact),
    );
    assert.equal(entries[0]?.facts['kind'], 'oauth-client', 'a fact that identifies no person stays');
  });

  it('whose key does not open stop neither the reading of the log nor a stop', async () => {
    const { clientId } = await ask('POST', '/clients', { name: `Phone of ${word}`, scopes: ['a2a:read'] });
    await setting.registry.rows(
      `update colloquy.audit_subjects set key_sealed = 'damaged' where tenant_id = $1 and subject_id = $2`,
      uuidOf(tenant.caller.tenant.id),
      clientId,
    );
    await ask('PUT', `/principals/${String(clientId)}/stop`, { reason: `${word} again` });
    const entries = (await shown()).filter(({ resource }) => resource.endsWith(String(clientId)));
    assert.deepEqual(
      entries.map(({ action, facts }) => [action, facts['name'] ?? facts['reason']]),
      [
        ['client.created', erasedFact],
        ['principal.stopped', erasedFact],
      ],
    );
    assert.deepEqual(naming(await kept()), []);
  });
});
