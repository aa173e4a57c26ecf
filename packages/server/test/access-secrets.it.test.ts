/** Guarantee: a client's secret changes without a pause, ends when it should, and guessing one slows down only the guessing client (T12). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabase, FakeClock } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import type { Caller } from '../src/kernel/caller.ts';
import type { TenantId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { addClientSecret, listClientSecrets, revokeClientSecret, tenantScopes } from '../src/modules/access/index.ts';
import type { CreatedOAuthClient } from '../src/modules/access/index.ts';
import { callerWith, rowsOf, startAccessProcess } from './access-platform-fixture.ts';
import type { AccessProcess } from './access-platform-fixture.ts';
import { clientMeansPorts } from './key-clients.ts';

describe('the secrets of a client', () => {
  let database: TestDatabase;
  let platform: AccessProcess;
  let tenantId: TenantId;
  let by: Caller;
  let made = 0;

  before(async () => {
    database = await createTestDatabase();
    platform = await startAccessProcess(database, { clock: new FakeClock() });
    tenantId = await platform.createTenant('acme');
    by = callerWith({ id: tenantId, slug: 'acme' }, ['a2a:read'], 'oauth-client');
  });
  after(async () => {
    await platform[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const newClient = (): Promise<CreatedOAuthClient> =>
    platform.createClient(by, { tenantId, name: `client-${(made += 1)}`, scopes: ['a2a:read'] });
  const statusWith = async (client: CreatedOAuthClient, clientSecret = client.clientSecret): Promise<number> =>
    (await platform.requestToken({ ...client, clientSecret })).status;

  it('are two while one replaces the other, and never three, also when many are asked for at once', async () => {
    const client = await newClient();
    const place = { tenantId, clientId: client.client.clientId };
    const ports = clientMeansPorts(platform);
    const additions = Array.from({ length: 10 }, () => addClientSecret(ports)(by, { ...place, lifeMs: null }));
    const results = await Promise.allSettled(additions);
    const added = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const refused = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as { code: string }] : [],
    );
    assert.equal(added.length, 1);
    assert.deepEqual([...new Set(refused.map(({ code }) => code))], ['access.client-secret-limit']);
    const second = added[0]?.clientSecret ?? '';
    assert.deepEqual([await statusWith(client), await statusWith(client, second)], [200, 200]);
    const { items } = await listClientSecrets(ports)(by, { ...place, after: null, limit: 50 });
    assert.equal(items.length, 2);
    assert.doesNotMatch(JSON.stringify(items), /cls_|hash/i);
    const first = items.find(({ secretId }) => secretId !== added[0]?.secret.secretId);
    await revokeClientSecret(ports)(by, { ...place, secretId: first?.secretId ?? '' });
    assert.deepEqual([await statusWith(client), await statusWith(client, second)], [401, 200]);
    const audit = await rowsOf<{ action: string; outcome: string }>(
      database,
      `select action, outcome from colloquy.audit_entries where resource = 'clients/${place.clientId}' and outcome = 'succeeded'`,
    );
    assert.deepEqual(audit.map(({ action }) => action).toSorted(), [
      'client-secret.added',
      'client-secret.revoked',
      'client.created',
    ]);
    const kept = await rowsOf(database, 'select * from colloquy.oauth_client_secrets, colloquy.audit_entries');
    assert.doesNotMatch(JSON.stringify(kept), /cls_/);
  });

  it('end by themselves, and then make room', async () => {
    const client = await newClient();
    const place = { tenantId, clientId: client.client.clientId };
    const ports = clientMeansPorts(platform);
    const { clientSecret } = await addClientSecret(ports)(by, { ...place, lifeMs: 3_600_000 });
    assert.equal(await statusWith(client, clientSecret), 200);
    await database.setClockOffset(3_600_000);
    assert.deepEqual([await statusWith(client), await statusWith(client, clientSecret)], [200, 401]);
    await addClientSecret(ports)(by, { ...place, lifeMs: null });
    await database.setClockOffset(0);
  });

  it('belong to clients of the tenant, and to no revoked one', async () => {
    const ports = clientMeansPorts(platform);
    const foreign = await platform.createTenant('foreign');
    const client = await newClient();
    const { clientId } = client.client;
    for (const place of [
      { tenantId: foreign, clientId },
      { tenantId, clientId: `cli_${'0'.repeat(32)}` },
      { tenantId, clientId: 'x' },
    ]) {
      await assert.rejects(addClientSecret(ports)(by, { ...place, lifeMs: null }), { code: 'access.client-unknown' });
      const page = { after: null, limit: 10 };
      await assert.rejects(listClientSecrets(ports)(by, { ...place, ...page }), { code: 'access.client-unknown' });
    }
    await platform.revokeClient(by, tenantId, clientId);
    const place = { tenantId, clientId };
    await assert.rejects(addClientSecret(ports)(by, { ...place, lifeMs: null }), { code: 'access.client-unknown' });
    assert.equal(await statusWith(client), 401);
  });

  it('are made by no caller that lacks a right of the client, in any tenant and of any kind', async () => {
    const ports = clientMeansPorts(platform);
    const wide = callerWith({ id: tenantId, slug: 'acme' }, ['clients:write', 'a2a:send'], 'oauth-client');
    const { client } = await platform.createClient(wide, { tenantId, name: 'wide', scopes: ['a2a:send'] });
    const operators = await platform.createTenant('operators');
    const operator = await platform.createOperator(operators);
    const narrow = callerWith({ id: tenantId, slug: 'acme' }, ['clients:write'], 'oauth-client');
    const before = await rowsOf(database, 'select * from colloquy.oauth_client_secrets');
    const add = (caller: Caller, place: { tenantId: TenantId; clientId: string }): Promise<unknown> =>
      addClientSecret(ports)(caller, { ...place, lifeMs: null });
    const refused = { code: 'access.scope-missing' };
    await assert.rejects(add(narrow, { tenantId, clientId: client.clientId }), refused);
    const besideOperators = callerWith({ id: operators, slug: 'operators' }, tenantScopes, 'oauth-client');
    const { clientId } = operator.client;
    await assert.rejects(add(besideOperators, { tenantId: operators, clientId }), refused);
    assert.deepEqual(await rowsOf(database, 'select * from colloquy.oauth_client_secrets'), before);
    await add(wide, { tenantId, clientId: client.clientId });
  });

  it('are not found by trying 1,000: the guesser waits, and no other client does', async () => {
    const [target, other] = [await newClient(), await newClient()];
    const statuses = new Map<number, number>();
    for (let tried = 0; tried < 1_000; tried += 50) {
      const guesses = Array.from({ length: 50 }, (_, i) => statusWith(target, `cls_guess${tried + i}`));
      for (const status of await Promise.all(guesses)) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (tried % 250 === 0) assert.equal(await statusWith(other), 200);
    }
    assert.deepEqual(
      [...statuses.keys()].toSorted((a, b) => a - b),
      [401, 429],
    );
    // Those that arrive together with the last one that is let through are judged as well.
    assert.ok((statuses.get(401) ?? 0) < limits.clientAuthFailuresMax + 50, String(statuses.get(401)));
    assert.equal(await statusWith(target), 429, 'also with the right one, from here');
    assert.equal(await statusWith(other), 200);
    await platform.clock.advance(limits.clientAuthFailureWindowMs);
    assert.equal(await statusWith(target), 200);
  });
});
