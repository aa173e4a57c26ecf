/**
 * Guarantee: a secret opens where it belongs and nowhere else, the database knows its key, a stolen copy of it tells no secret, and keys
 * change while everything works.
 */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createTestDatabase, eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestDatabase, TestPlatform, TestTenant } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { createDataKeyStore } from '../src/adapters/postgres/secrets/data-key-store.ts';
import { sealedColumns } from '../src/adapters/postgres/secrets/sealed-columns.ts';
import { idOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { startSecretsAgent } from './secrets-agent.ts';
import type { SecretsAgent } from './secrets-agent.ts';

const keyOf = (name: string): string => createHash('sha256').update(name).digest('base64');
const [firstKey, secondKey] = [keyOf('first'), keyOf('second')];
const tokenOf = (name: string): string => `agent-token-${createHash('sha256').update(name).digest('hex')}`;
const receiverToken = `receiver-token-${randomBytes(16).toString('hex')}`;

describe('stored secrets', () => {
  let database: TestDatabase;
  let pool: DatabasePool;
  let platform: TestPlatform;
  let agent: SecretsAgent;
  let acme: TestTenant;
  let globex: TestTenant;

  before(async () => {
    database = await createTestDatabase();
    pool = createPool({ url: database.adminUrl, connectionsMax: 2, applicationName: 'secrets-test' });
    platform = await startTestPlatform({ database, env: { COLLOQUY_SECRET_KEY: firstKey } });
    agent = await startSecretsAgent();
    [acme, globex] = [await platform.createTenant('acme'), await platform.createTenant('globex')];
    for (const [tenant, name] of [
      [acme, 'one'],
      [acme, 'two'],
      [globex, 'one'],
    ] as const) {
      const credential = { kind: 'bearer', value: tokenOf(`${tenant.slug} ${name}`) } as const;
      // How many calls fit into a rotation depends on the machine; what they cost must not end them.
      await tenant.client.admin.registerAgent({ body: { name, cardUrl: agent.url, credential, priceMicrocredits: 0 } });
    }
  });
  after(async () => {
    await platform[Symbol.asyncDispose]();
    await agent[Symbol.asyncDispose]();
    await pool.end();
    await database[Symbol.asyncDispose]();
  });

  const rows = async <Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> =>
    (await pool.query(sql, [...values])).rows as Row[];
  const send = async (tenant: TestTenant, name: string): Promise<string> => {
    const answer = await tenant.client.agent(name).send('hello');
    return answer.task?.status.state ?? 'message';
  };
  const tenantUuid = async ({ slug }: TestTenant): Promise<string> =>
    (await rows<{ tenant_id: string }>('select tenant_id from colloquy.tenants where slug = $1', slug))[0]?.tenant_id ??
    '';
  const sealedOf = async (tenant: TestTenant, name: string): Promise<Buffer> => {
    const sql = 'select credential_sealed from colloquy.agents where tenant_id = $1 and name = $2';
    return (
      (await rows<{ credential_sealed: Buffer }>(sql, await tenantUuid(tenant), name))[0]?.credential_sealed ??
      Buffer.alloc(0)
    );
  };
  const setSealed = async (tenant: TestTenant, name: string, sealed: Buffer): Promise<void> => {
    const sql = 'update colloquy.agents set credential_sealed = $3 where tenant_id = $1 and name = $2';
    await rows(sql, await tenantUuid(tenant), name, sealed);
  };

  it('of agents are sent to the agent, and each tenant has a key of its own', async () => {
    assert.equal(await send(acme, 'one'), 'TASK_STATE_COMPLETED');
    assert.equal(await send(globex, 'one'), 'TASK_STATE_COMPLETED');
    assert.deepEqual(agent.tokens.slice(-2), [tokenOf('acme one'), tokenOf('globex one')]);
    const keys = await rows<{ tenant_id: string }>('select tenant_id from colloquy.tenant_keys');
    const owners = new Set(keys.map(({ tenant_id: id }) => id));
    assert.ok(owners.has(await tenantUuid(acme)) && owners.has(await tenantUuid(globex)));
    const [one, other] = [await sealedOf(acme, 'one'), await sealedOf(globex, 'one')];
    assert.notDeepEqual(one.subarray(1, 17), other.subarray(1, 17));
  });

  it('are wrapped by no key that a later rotation has retired, however late its worker comes', async () => {
    const owner = idOf('tnt', (await tenantUuid(globex)).replaceAll('-', ''));
    const store = createDataKeyStore(pool);
    const current = await store.findCurrent(owner);
    assert.ok(current !== null);
    await rows(
      `insert into colloquy.key_encryption_keys (kek_id, check_wrapped, retired_at) values ($1, $2, now())`,
      'f'.repeat(16),
      Buffer.alloc(60),
    );
    await store.rewrap({ ...current, kekId: 'f'.repeat(16), wrapped: Buffer.alloc(60) });
    assert.deepEqual(await store.findCurrent(owner), current);
    assert.equal(await send(globex, 'one'), 'TASK_STATE_COMPLETED');
    await rows(`delete from colloquy.key_encryption_keys where kek_id = $1`, 'f'.repeat(16));
  });

  it('are in every column that says so, and the list of them is whole', async () => {
    const found = await rows<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'colloquy' and column_name like '%\\_sealed' and data_type = 'bytea' order by 1`,
    );
    const listed = sealedColumns.map(({ table, column }) => `${table}.${column}`);
    assert.deepEqual(
      found.map(({ name }) => name),
      listed.toSorted(),
    );
  });

  it('that were put into another row, or another tenant, do not open, and the tenant is told in its log (T40)', async () => {
    const kept = await sealedOf(acme, 'one');
    const heard = agent.tokens.length;
    for (const foreign of [await sealedOf(acme, 'two'), await sealedOf(globex, 'one'), randomBytes(kept.length)]) {
      await setSealed(acme, 'one', foreign);
      await eventually('the foreign secret is refused', async () => (await send(acme, 'one')) === 'TASK_STATE_FAILED');
    }
    assert.ok(
      agent.tokens.slice(heard).every((token) => token === tokenOf('acme one')),
      'no foreign secret left',
    );
    const { items } = await acme.client.admin.listAuditEntries({ resource: `agents/${await agentIdOf('one')}` });
    assert.deepEqual(
      [...new Set(items.map(({ action, outcome }) => `${action} ${outcome}`))],
      ['secret.unreadable failed'],
    );
    await setSealed(acme, 'one', kept);
    await eventually('its own secret opens', async () => (await send(acme, 'one')) === 'TASK_STATE_COMPLETED');
  });

  const agentIdOf = async (name: string): Promise<string> => {
    const sql = 'select agent_id from colloquy.agents where tenant_id = $1 and name = $2';
    const [row] = await rows<{ agent_id: string }>(sql, await tenantUuid(acme), name);
    return `agt_${(row?.agent_id ?? '').replaceAll('-', '')}`;
  };

  it('need the key that the database was made with: a process with another does not start, and changes nothing', async () => {
    const state = 'select json_agg(k) as keys from colloquy.key_encryption_keys k';
    const before = await rows(state);
    await assert.rejects(startTestPlatform({ database, env: { COLLOQUY_SECRET_KEY: secondKey } }), (error: Error) => {
      assert.equal(error.name, 'PlatformKeyError');
      assert.match(error.message, /not the one that this database was made with/);
      assert.ok(!error.message.includes(secondKey));
      return true;
    });
    assert.deepEqual(await rows(state), before);
  });

  it('survive new keys of both kinds under load without one failed call, and the old key is needed no more', async () => {
    await platform[Symbol.asyncDispose]();
    platform = await startTestPlatform({
      database,
      env: { COLLOQUY_SECRET_KEY: `${secondKey},${firstKey}` },
    });
    const clients = [platform.clientOf(acme), platform.clientOf(globex)];
    const { admin } = platform.operator;
    // The rotation that every database begins with renews no data key, so no process has to read one anew.
    await settled();
    await finished();
    const oldKek = (await admin.showSecretKeys()).kekId;
    const oldKeys = [await sealedOf(acme, 'one'), await sealedOf(globex, 'one')].map((sealed) =>
      sealed.toString('hex', 1, 17),
    );
    const states: string[] = [];
    const rotated = new AbortController();
    const load = Promise.all(
      clients.map(async (client) => {
        while (!rotated.signal.aborted)
          states.push((await client.agent('one').send('hello')).task?.status.state ?? 'message');
      }),
    );
    await admin.rotateSecrets({ body: { renewsDataKeys: true } });
    await eventually(
      'every key is made',
      async () => (await admin.showSecretKeys()).rotation?.stage === 'secrets',
      60_000,
    );
    const callsBefore = states.length;
    await eventually('calls go on with both keys', () => states.length > callsBefore + 20);
    await settled();
    await finished();
    rotated.abort();
    await load;
    assert.ok(states.length > 20, `${states.length} calls`);
    assert.deepEqual([...new Set(states)], ['TASK_STATE_COMPLETED']);
    assert.notEqual((await admin.showSecretKeys()).kekId, oldKek);
    const newKeys = [await sealedOf(acme, 'one'), await sealedOf(globex, 'one')].map((sealed) =>
      sealed.toString('hex', 1, 17),
    );
    assert.ok(newKeys.every((key, at) => key !== oldKeys[at]));
    assert.equal((await admin.showSecretKeys()).rotation?.unreadable, 0);
    await platform[Symbol.asyncDispose]();
    await assert.rejects(startTestPlatform({ database, env: { COLLOQUY_SECRET_KEY: firstKey } }), /not the one/);
    platform = await startTestPlatform({ database, env: { COLLOQUY_SECRET_KEY: secondKey } });
    [acme, globex] = [acme, globex].map((tenant) => ({ ...tenant, client: platform.clientOf(tenant) })) as [
      TestTenant,
      TestTenant,
    ];
    assert.equal(await send(acme, 'two'), 'TASK_STATE_COMPLETED');
    assert.equal(agent.tokens.at(-1), tokenOf('acme two'));
  });

  /** The time in which other processes learn of new data keys is over; here is none but the one that made them. */
  const settled = (): Promise<unknown> =>
    rows("update colloquy.secret_rotations set stage_began_at = stage_began_at - interval '1 hour'");
  const finished = (): Promise<true> =>
    eventually(
      'the rotation has finished',
      async () => (await platform.operator.admin.showSecretKeys()).rotation?.stage === 'finished',
      2 * (limits.rotationSettleMs + 4 * limits.rotationPollMs),
    );

  it('are in no copy of the database, in whatever form (T40)', async () => {
    const task = (await acme.client.agent('one').send('hello')).task;
    assert.ok(task !== undefined);
    const { clientSecret } = acme;
    const tables = await rows<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('colloquy', 'public')`,
    );
    let dump = '';
    for (const { name } of tables) {
      const [row] = await rows<{ text: string | null }>(`select string_agg(t::text, E'\\n') as text from ${name} t`);
      dump += row?.text ?? '';
    }
    assert.ok(tables.length > 15 && dump.length > 5_000);
    const secrets = [
      tokenOf('acme one'),
      tokenOf('acme two'),
      tokenOf('globex one'),
      receiverToken,
      clientSecret,
      firstKey,
      secondKey,
    ];
    for (const secret of secrets) {
      const forms = [
        secret,
        Buffer.from(secret).toString('hex'),
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      ];
      for (const form of forms) assert.ok(!dump.includes(form), 'a secret is in the dump');
    }
    for (const key of [firstKey, secondKey]) assert.ok(!dump.includes(Buffer.from(key, 'base64').toString('hex')));
  });
});
