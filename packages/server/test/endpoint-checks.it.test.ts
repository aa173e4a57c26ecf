/**
 * Guarantee: endpoint checks leave the database to callers. However many checks are due, they use one connection at a time for a few
 * statements. Each check is settled by the certificates of its own agent's endpoints, in every tenant. The rows of a removed instance are
 * deleted, and no other row is touched.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { createEndpointCertificateStore } from '../src/adapters/postgres/registry/endpoint-certificate-store.ts';
import { createEndpointCheckStore } from '../src/adapters/postgres/registry/endpoint-check-store.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { checkEndpoints } from '../src/modules/registry/index.ts';
import type { EndpointCertificate } from '../src/modules/registry/index.ts';
import { placeAgent } from './agent-rows.ts';
import { startRegistrySetting } from './registry-setting.ts';
import type { RegistrySetting } from './registry-setting.ts';

type Place = readonly [url: string, origin: string, result: 'away' | 'seen' | 'refused' | 'unstorable'];

/** For each agent: the URL as its owner wrote it, its origin, and the probe's result. Agents without an entry are called without TLS. */
const shown: Readonly<Record<string, readonly Place[]>> = {
  'agent-1': [['https://10.0.0.1/', 'https://10.0.0.1', 'away']],
  'agent-3': [['HTTPS://Agents.example:443/a2a', 'https://agents.example', 'seen']],
  'agent-4': [['https:agents.example:8443', 'https://agents.example:8443', 'seen']],
  'agent-5': [['https://10.0.0.5/', 'https://10.0.0.5', 'unstorable']],
  'agent-6': [
    ['https://10.0.0.6/', 'https://10.0.0.6', 'seen'],
    ['https://10.0.0.6:443/canary', 'https://10.0.0.6', 'seen'],
    ['https://10.0.0.7/', 'https://10.0.0.7', 'away'],
    [`http://10.0.0.6/`, 'http://10.0.0.6', 'seen'],
  ],
  'agent-7': [
    ['https://10.0.1.1/', 'https://10.0.1.1', 'seen'],
    ['https://10.0.1.2/', 'https://10.0.1.2', 'refused'],
  ],
};
/** The endpoints with TLS, each once. */
const asked = new Map(
  Object.values(shown)
    .flat()
    .flatMap(([, origin, result]) => (origin.startsWith('https:') ? [[origin, result] as const] : [])),
);
const plain = 'http://127.0.0.1:9001/a2a';
const gone = 'agent-2';
const notDue = 'agent-not-due';

describe('endpoint checks', () => {
  let setting: RegistrySetting;
  let workers: DatabasePool;
  let callers: readonly Caller[];
  before(async () => {
    setting = await startRegistrySetting();
    const { adminUrl: url } = setting.database;
    workers = createPool({ url, role: 'colloquy_worker', connectionsMax: 1, applicationName: 'endpoint-checks' });
    callers = [await setting.newCaller(), await setting.newCaller()];
    const names = Array.from({ length: limits.endpointChecksMax }, (_, n) => `agent-${n}`);
    for (const [at, name] of [...names, notDue].entries()) {
      const caller = callers[at % callers.length];
      assert.ok(caller !== undefined);
      await placeAgent(setting, caller, { name, skills: [] });
    }
    for (const [name, [home, ...others]] of Object.entries(shown)) {
      await setting.rows(
        `update colloquy.agent_instances i set url = $2 from colloquy.agents a where a.agent_id = i.agent_id and a.name = $1`,
        name,
        home?.[0],
      );
      for (const [address] of others)
        await setting.rows(
          `insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version)
           select tenant_id, $2, agent_id, $3, 'JSONRPC', '1.0' from colloquy.agents where name = $1`,
          name,
          uuidOf(setting.ids.next('ins')),
          address,
        );
    }
    await setting.rows(
      `insert into colloquy.instance_certificates
         (tenant_id, instance_id, is_first, origin, subject, issuer, not_before, not_after, key_pin)
       select tenant_id, instance_id, true, 'https://gone.example', 's', 'i', now(), now(), repeat('x', 44)
       from colloquy.agents join colloquy.agent_instances using (tenant_id, agent_id) where name = $1`,
      gone,
    );
    await setting.rows(`update colloquy.agents set deregistered_at = colloquy.now_utc() where name = $1`, gone);
    await setting.rows(
      `update colloquy.endpoint_looks l set next_look_at = colloquy.now_utc() + interval '5 hours', failures = 3
       from colloquy.agents a where a.agent_id = l.agent_id and a.name = $1`,
      notDue,
    );
  });
  after(async () => {
    await workers.end();
    await setting[Symbol.asyncDispose]();
  });

  const certificateOf = (origin: string): EndpointCertificate => ({
    origin,
    // The database takes no such text.
    subject: asked.get(origin) === 'unstorable' ? '\0' : 'An agent',
    issuer: 'Test',
    notBefore: new Date(0),
    notAfter: new Date('2100-01-01'),
    keyPin: 'k'.repeat(44),
    problem: asked.get(origin) === 'refused' ? 'CERT_HAS_EXPIRED' : null,
  });

  it('use one connection at a time, and settle each agent by its own probe results', async () => {
    let [taken, atOnce, atOnceMax] = [0, 0, 0];
    setting.pool.on('acquire', () => {
      taken += 1;
      atOnce += 1;
      atOnceMax = Math.max(atOnceMax, atOnce);
    });
    setting.pool.on('release', () => (atOnce -= 1));
    const probed: string[] = [];
    const check = checkEndpoints({
      checks: createEndpointCheckStore(workers, setting.pool),
      endpointCertificates: createEndpointCertificateStore(setting.pool),
      prober: {
        probe: (origin) => {
          probed.push(origin);
          return asked.get(origin) === 'away'
            ? Promise.reject(new PlatformError('registry.endpoint-unreachable'))
            : Promise.resolve(certificateOf(origin));
        },
      },
    });
    await assert.rejects(check(), 'what one of them showed can not be kept');
    assert.deepEqual(probed.toSorted(), [...asked.keys()].toSorted(), 'each endpoint once');
    // One statement finds all, one forgets the endpoints that are gone, six store certificates, and one settles all.
    assert.deepEqual([taken, atOnceMax], [9, 1]);
    const rows = await setting.rows(
      `select a.name, l.failures, round(extract(epoch from l.next_look_at - colloquy.now_utc()) / 60)::int as due, (
         select string_agg(c.origin || case when c.is_first then '' else ' again' end, ', ' order by c.instance_id)
         from colloquy.agent_instances i join colloquy.instance_certificates c using (tenant_id, instance_id)
         where i.tenant_id = a.tenant_id and i.agent_id = a.agent_id
       ) as origins
       from colloquy.agents a left join colloquy.endpoint_looks l using (tenant_id, agent_id)`,
    );
    assert.equal(rows.length, limits.endpointChecksMax + 1);
    for (const row of rows) assert.deepEqual(row, { name: row['name'], ...expectedOf(String(row['name'])) });
    assert.equal(await check(), false, 'nothing is due');
  });

  it('show the certificate of an endpoint with its agent, however the address is spelled', async () => {
    const store = createEndpointCertificateStore(setting.pool);
    const tenantOf = (name: string) => callers[Number(name.replace(/\D/g, '')) % callers.length]?.tenant;
    for (const name of ['agent-0', ...Object.keys(shown)]) {
      const tenant = tenantOf(name);
      assert.ok(tenant !== undefined);
      const found = await store.find(tenant.id, name);
      const places = shown[name] ?? [[plain, new URL(plain).origin, 'away'] as const];
      const subjects = new Map(
        places.map(([, origin, result]) => [
          origin,
          origin.startsWith('https:') && ['seen', 'refused'].includes(result) ? 'An agent' : undefined,
        ]),
      );
      assert.deepEqual(
        found.map(({ origin, seen }) => [origin, seen?.subject]),
        [...subjects],
        name,
      );
      assert.equal(found.flatMap(({ instanceIds }) => instanceIds).length, places.length, name);
    }
  });

  it('count each endpoint once, however many instances share it', async () => {
    const counts = await createEndpointCheckStore(workers, setting.pool).count();
    assert.deepEqual(counts, { refused: 1, ended: 0, ending: 0, fine: 4 });
    const [first] = await setting.rows(
      `update colloquy.agent_instances i set left_at = colloquy.now_utc() from colloquy.instance_certificates c
       where c.instance_id = i.instance_id and c.origin = 'https://10.0.0.6' and c.is_first returning i.instance_id`,
    );
    assert.ok(first !== undefined);
    const left = await createEndpointCheckStore(workers, setting.pool).count();
    assert.deepEqual(left, counts, 'another one is there');
  });

  it('stay due when the agent changed while they ran', async () => {
    const soon = (name: string): Promise<unknown> =>
      setting.rows(
        `update colloquy.endpoint_looks l set next_look_at = case when a.name = $1 then colloquy.now_utc()
           else colloquy.now_utc() + interval '1 hour' end from colloquy.agents a where a.agent_id = l.agent_id`,
        name,
      );
    const probed: string[] = [];
    const check = checkEndpoints({
      checks: createEndpointCheckStore(workers, setting.pool),
      endpointCertificates: createEndpointCertificateStore(setting.pool),
      prober: {
        probe: async (origin) => {
          probed.push(origin);
          if (probed.length === 1)
            await setting.rows(
              `insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version)
               select tenant_id, $1, agent_id, 'https://late.example', 'JSONRPC', '1.0' from colloquy.agents where name = 'agent-4'`,
              uuidOf(setting.ids.next('ins')),
            );
          return certificateOf(origin);
        },
      },
    });
    await soon('agent-4');
    await check();
    await check();
    const known = 'https://agents.example:8443';
    assert.deepEqual(probed.toSorted(), [known, known, 'https://late.example']);
    await check();
    assert.equal(probed.length, 3, 'nothing is due any more');
  });

  it('are due again when an instance leaves or returns, and its certificate is deleted', async () => {
    const store = createEndpointCertificateStore(setting.pool);
    const [tenant, name] = [callers[1]?.tenant, 'agent-7'];
    assert.ok(tenant !== undefined);
    const [fine, refused] = await store.find(tenant.id, name);
    assert.ok(fine !== undefined && refused?.seen !== null && refused !== undefined);
    const at = refused.instanceIds.map(uuidOf);
    const set = (left: string): Promise<unknown> =>
      setting.rows(`update colloquy.agent_instances set left_at = ${left} where instance_id = any ($1)`, at);
    const lapse = (isLapsed: boolean): Promise<unknown> =>
      setting.rows('update colloquy.instance_leases set is_lapsed = $2 where instance_id = any ($1)', at, isLapsed);
    const isDue = async (): Promise<unknown> => {
      const [row] = await setting.rows(
        `with due as (select next_look_at <= colloquy.now_utc() as is_due, l.tenant_id, agent_id from colloquy.endpoint_looks l
           join colloquy.agents a using (tenant_id, agent_id) where a.name = $1)
         update colloquy.endpoint_looks l set next_look_at = colloquy.now_utc() + interval '1 hour' from due
         where l.tenant_id = due.tenant_id and l.agent_id = due.agent_id returning is_due`,
        name,
      );
      return row?.['is_due'];
    };
    await isDue();
    await set('colloquy.now_utc()');
    assert.equal(await isDue(), true, 'it is gone');
    assert.deepEqual(await store.find(tenant.id, name), [fine]);
    await store.record(tenant.id, refused.instanceIds, refused.seen);
    await set('null');
    assert.equal(await isDue(), true, 'it is back');
    const back = { ...refused, seen: null };
    assert.deepEqual(await store.find(tenant.id, name), [fine, back], 'what came late of it was not kept');
    await setting.rows(
      'update colloquy.agent_instances set weight = 1, left_at = null where instance_id = any ($1)',
      at,
    );
    await setting.rows(
      `insert into colloquy.instance_leases (tenant_id, instance_id, lease_ms, lease_until)
       select tenant_id, instance_id, 1000, now() from colloquy.agent_instances where instance_id = any ($1)`,
      at,
    );
    assert.equal(await isDue(), false, 'nothing has moved');
    await store.record(tenant.id, refused.instanceIds, refused.seen);
    await lapse(true);
    assert.equal(await isDue(), true, 'it fell silent');
    assert.deepEqual(await store.find(tenant.id, name), [fine]);
    await lapse(false);
    assert.equal(await isDue(), true, 'it speaks again');
    assert.deepEqual(await store.find(tenant.id, name), [fine, back]);
    const home = fine.instanceIds.map(uuidOf);
    await setting.rows('delete from colloquy.agent_instances where instance_id = any ($1)', home);
    const kept = await setting.rows('select from colloquy.instance_certificates where instance_id = any ($1)', home);
    assert.deepEqual(kept, []);
    const [outsider] = callers;
    assert.ok(outsider !== undefined);
    await store.record(outsider.tenant.id, refused.instanceIds, certificateOf('https://10.0.1.2'));
    assert.deepEqual(await store.find(tenant.id, name), [back], 'another tenant changed nothing');
  });

  function expectedOf(name: string): Record<string, unknown> {
    const minutes = (ms: number): number => ms / 60_000;
    if (name === gone) return { failures: null, due: null, origins: null };
    if (name === notDue) return { failures: 3, due: 300, origins: null };
    const places = shown[name] ?? [];
    const results = places.map(([, , result]) => result);
    const kept = places.flatMap(([, origin, result], at) => {
      if (!origin.startsWith('https:') || !['seen', 'refused'].includes(result)) return [];
      return places.findIndex(([, other]) => other === origin) === at ? [origin] : [`${origin} again`];
    });
    const origins = kept.length === 0 ? null : kept.join(', ');
    if (results.includes('unstorable')) return { failures: 0, due: minutes(limits.endpointCheckClaimMs), origins };
    const failures = results.includes('away') ? 1 : 0;
    const isSoon = failures > 0 || results.includes('refused');
    return { failures, due: minutes(isSoon ? limits.endpointRecheckMs : limits.endpointCheckMs), origins };
  }
});
