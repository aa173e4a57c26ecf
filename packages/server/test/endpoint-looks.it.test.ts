/**
 * Guarantee: looks at the endpoints of many agents leave the database to callers: however many are due, one connection at a time is
 * asked a few times; each look is settled by what its own endpoint showed, of whatever tenant it is; and nothing else is touched.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { createEndpointCertificateStore } from '../src/adapters/postgres/registry/endpoint-certificate-store.ts';
import { createEndpointLookStore } from '../src/adapters/postgres/registry/endpoint-look-store.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { limits } from '../src/kernel/limits.ts';
import { lookAtEndpoints } from '../src/modules/registry/index.ts';
import type { EndpointCertificate } from '../src/modules/registry/index.ts';
import { placeAgent } from './agent-rows.ts';
import { startRegistrySetting } from './registry-setting.ts';
import type { RegistrySetting } from './registry-setting.ts';

/** As its owner wrote it, as it is asked for, and what becomes of the look; agents without an entry are called without TLS. */
const shown: Readonly<Record<string, readonly [url: string, origin: string, result: 'away' | 'seen' | 'unstorable']>> =
  {
    'agent-1': ['https://10.0.0.1/', 'https://10.0.0.1', 'away'],
    'agent-3': ['HTTPS://Agents.example:443/a2a', 'https://agents.example', 'seen'],
    'agent-4': ['https:agents.example:8443', 'https://agents.example:8443', 'seen'],
    'agent-5': ['https://10.0.0.5/', 'https://10.0.0.5', 'unstorable'],
  };
const plain = 'http://127.0.0.1:9001/a2a';
const gone = 'agent-2';
const notDue = 'agent-not-due';

describe('looks at many endpoints', () => {
  let setting: RegistrySetting;
  let workers: DatabasePool;
  let callers: readonly Caller[];
  before(async () => {
    setting = await startRegistrySetting();
    const { adminUrl: url } = setting.database;
    workers = createPool({ url, role: 'colloquy_worker', connectionsMax: 1, applicationName: 'endpoint-looks' });
    callers = [await setting.newCaller(), await setting.newCaller()];
    const names = Array.from({ length: limits.endpointLooksMax }, (_, n) => `agent-${n}`);
    for (const [at, name] of [...names, notDue].entries()) {
      const caller = callers[at % callers.length];
      assert.ok(caller !== undefined);
      await placeAgent(setting, caller, { name, skills: [] });
    }
    for (const [name, [address]] of Object.entries(shown))
      await setting.rows(
        `update colloquy.agent_instances i set url = $2 from colloquy.agents a where a.agent_id = i.agent_id and a.name = $1`,
        name,
        address,
      );
    await setting.rows(
      `insert into colloquy.endpoint_certificates (tenant_id, agent_id, origin, subject, issuer, not_before, not_after, key_pin)
       select tenant_id, agent_id, 'https://gone.example', 's', 'i', now(), now(), repeat('x', 44) from colloquy.agents where name = $1`,
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

  const certificateOf = (origin: string, subject: string): EndpointCertificate => ({
    origin,
    subject,
    issuer: 'Test',
    notBefore: new Date(0),
    notAfter: new Date('2100-01-01'),
    keyPin: 'k'.repeat(44),
    problem: null,
  });

  it('ask one connection at a time, and are each settled by what was shown', async () => {
    let [taken, atOnce, atOnceMax] = [0, 0, 0];
    setting.pool.on('acquire', () => {
      taken += 1;
      atOnce += 1;
      atOnceMax = Math.max(atOnceMax, atOnce);
    });
    setting.pool.on('release', () => (atOnce -= 1));
    const probed: string[] = [];
    const look = lookAtEndpoints({
      looks: createEndpointLookStore(workers, setting.pool),
      endpointCertificates: createEndpointCertificateStore(setting.pool),
      prober: {
        probe: (origin) => {
          probed.push(origin);
          const result = Object.values(shown).find(([, asked]) => asked === origin)?.[2];
          if (result === 'away') return Promise.reject(new PlatformError('registry.endpoint-unreachable'));
          // The database takes no such text.
          return Promise.resolve(certificateOf(origin, result === 'unstorable' ? '\0' : 'An agent'));
        },
      },
    });
    await assert.rejects(look(), 'what one of them showed can not be kept');
    assert.deepEqual(
      probed.toSorted(),
      Object.values(shown)
        .map(([, origin]) => origin)
        .toSorted(),
    );
    // All are found together, what is gone is forgotten together, three are to be kept, all are settled together.
    assert.deepEqual([taken, atOnceMax], [6, 1]);
    const rows = await setting.rows(
      `select a.name, l.failures, round(extract(epoch from l.next_look_at - colloquy.now_utc()) / 60)::int as due, c.origin
       from colloquy.agents a left join colloquy.endpoint_looks l using (tenant_id, agent_id)
       left join colloquy.endpoint_certificates c using (tenant_id, agent_id)`,
    );
    assert.equal(rows.length, limits.endpointLooksMax + 1);
    for (const row of rows) assert.deepEqual(row, { name: row['name'], ...expectedOf(String(row['name'])) });
    assert.equal(await look(), false, 'nothing is due');
  });

  it('show with an agent what its endpoint showed, however its address is written', async () => {
    const store = createEndpointCertificateStore(setting.pool);
    const tenantOf = (name: string) => callers[Number(name.replace(/\D/g, '')) % callers.length]?.tenant;
    for (const name of ['agent-0', ...Object.keys(shown)]) {
      const tenant = tenantOf(name);
      assert.ok(tenant !== undefined);
      const found = await store.find(tenant.id, name);
      const [, origin, result] = shown[name] ?? [plain, new URL(plain).origin, 'away'];
      assert.deepEqual(
        [found?.origin, found?.seen?.subject],
        [origin, result === 'seen' ? 'An agent' : undefined],
        name,
      );
    }
  });

  function expectedOf(name: string): Record<string, unknown> {
    const minutes = (ms: number): number => ms / 60_000;
    if (name === gone) return { failures: null, due: null, origin: null };
    if (name === notDue) return { failures: 3, due: 300, origin: null };
    const [, origin, result] = shown[name] ?? [];
    if (result === 'away') return { failures: 1, due: minutes(limits.endpointLookSoonMs), origin: null };
    if (result === 'unstorable') return { failures: 0, due: minutes(limits.endpointLookClaimMs), origin: null };
    return { failures: 0, due: minutes(limits.endpointLookMs), origin: origin ?? null };
  }
});
