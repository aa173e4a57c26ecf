/**
 * Guarantee: looks at the endpoints of many agents leave the database to callers: what shows no certificate is found and settled together,
 * whatever tenants it is of; what is not reached is due again by itself, what is gone is forgotten, and nothing else is touched.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { createEndpointCertificateStore } from '../src/adapters/postgres/registry/endpoint-certificate-store.ts';
import { createEndpointLookStore } from '../src/adapters/postgres/registry/endpoint-look-store.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { limits } from '../src/kernel/limits.ts';
import { lookAtEndpoints } from '../src/modules/registry/index.ts';
import { placeAgent } from './agent-rows.ts';
import { startRegistrySetting } from './registry-setting.ts';
import type { RegistrySetting } from './registry-setting.ts';

describe('looks at many endpoints', () => {
  let setting: RegistrySetting;
  let workers: DatabasePool;
  before(async () => {
    setting = await startRegistrySetting();
    const { adminUrl: url } = setting.database;
    workers = createPool({ url, role: 'colloquy_worker', connectionsMax: 1, applicationName: 'endpoint-looks' });
    const callers = [await setting.newCaller(), await setting.newCaller()];
    for (let n = 0; n < limits.endpointLooksMax; n += 1) {
      const caller = callers[n % 2];
      if (caller !== undefined) await placeAgent(setting, caller, { name: `agent-${n}`, skills: [], params: {} });
    }
    await setting.rows(
      `update colloquy.agent_instances i set url = 'https://10.0.0.1/' from colloquy.agents a where a.agent_id = i.agent_id and a.name = 'agent-1'`,
    );
    await setting.rows(`update colloquy.agents set deregistered_at = colloquy.now_utc() where name = 'agent-2'`);
  });
  after(async () => {
    await workers.end();
    await setting[Symbol.asyncDispose]();
  });

  it('take a connection a few times and not twice for each', async () => {
    let taken = 0;
    const count = (): number => (taken += 1);
    setting.pool.on('acquire', count);
    const probed: string[] = [];
    const look = lookAtEndpoints({
      looks: createEndpointLookStore(workers, setting.pool),
      endpointCertificates: createEndpointCertificateStore(setting.pool),
      prober: {
        probe: (origin) => {
          probed.push(origin);
          return Promise.reject(new PlatformError('registry.endpoint-unreachable'));
        },
      },
    });
    assert.equal(await look(), true, 'there may be more');
    assert.equal(await look(), false);
    setting.pool.off('acquire', count);
    // All are found, all without TLS settled, the one with it settled, the one that is gone forgotten.
    assert.deepEqual([taken, probed], [4, ['https://10.0.0.1']]);
    const rows = await setting.rows(
      `select a.name, l.failures, round(extract(epoch from l.next_look_at - colloquy.now_utc()) / 600)::int as due
       from colloquy.agents a left join colloquy.endpoint_looks l using (tenant_id, agent_id)`,
    );
    const dueIn = (ms: number): number => ms / 600_000;
    const expected = (name: string): Record<string, unknown> => {
      if (name === 'agent-1') return { name, failures: 1, due: dueIn(limits.endpointLookSoonMs) };
      if (name === 'agent-2') return { name, failures: null, due: null };
      return { name, failures: 0, due: dueIn(limits.endpointLookMs) };
    };
    assert.equal(rows.length, limits.endpointLooksMax);
    for (const row of rows) assert.deepEqual(row, expected(String(row['name'])));
  });
});
