/** Guarantee: clients, people and API keys of a tenant have names for its administrators; erased people and other tenants' principals have none. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPrincipalNameStore } from '../src/adapters/postgres/access/principal-name-store.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { namePrincipals } from '../src/modules/access/index.ts';
import { startRegistrySetting } from './registry-setting.ts';

const digits = (digit: string): string => digit.repeat(32);

describe('names of principals', () => {
  it('are those of the own tenant, without erased people; an operator shows its kind alone', async () => {
    await using setting = await startRegistrySetting();
    const [own, other] = [await setting.newCaller(), await setting.newCaller()];
    const [client, foreign, operator] = [`cli_${digits('1')}`, `cli_${digits('2')}`, `cli_${digits('3')}`];
    const [person, erased, key] = [`per_${digits('4')}`, `per_${digits('5')}`, `apk_${digits('6')}`];
    const [tenant, otherTenant] = [uuidOf(own.tenant.id), uuidOf(other.tenant.id)];
    const addClient = `insert into colloquy.oauth_clients (tenant_id, client_id, name, kind, scopes) values ($1, $2, $3, $4, '{}')`;
    await setting.rows(addClient, tenant, client, 'robot', 'oauth-client');
    await setting.rows(addClient, otherTenant, foreign, 'secret project', 'oauth-client');
    await setting.rows(addClient, otherTenant, operator, 'alice', 'operator');
    const addPerson = `insert into colloquy.people (tenant_id, person_id, login_name, scopes) values ($1, $2, $3, '{}')`;
    await setting.rows(addPerson, tenant, person, 'ada');
    await setting.rows(addPerson, tenant, erased, 'bob');
    await setting.rows(
      `insert into colloquy.audit_subjects (tenant_id, subject_id, erased_at) values ($1, $2, now())`,
      tenant,
      erased,
    );
    await setting.rows(
      `insert into colloquy.api_keys (tenant_id, key_id, principal_id, name, secret_hash, scopes, created_by, expires_at)
       values ($1, $2, $2, 'nightly', decode(repeat('00', 32), 'hex'), '{a2a:send}', $3, now())`,
      tenant,
      key,
      client,
    );
    const name = namePrincipals({ principalNames: createPrincipalNameStore(setting.pool) });
    const asked = [client, client, foreign, operator, person, erased, key, `ext_${digits('7')}`, 'platform'];
    assert.deepEqual(
      await name(own, asked),
      new Map([
        [client, 'robot'],
        [operator, 'operator'],
        [person, 'ada'],
        [key, 'nightly'],
      ]),
    );
    assert.equal((await name(own, [])).size, 0);
  });
});
