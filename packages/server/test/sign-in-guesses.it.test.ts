/**
 * Guarantee: a client that guesses the password of a person is slowed down, alone or together with others, and keeps no other client out:
 * neither the person elsewhere nor others from the same place. T12.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabase, FakeClock } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { createSystemRandom } from '../src/adapters/clock/system-clock.ts';
import { Argon2Hasher } from '../src/adapters/passwords/argon2-hasher.ts';
import { KeyVault } from '../src/adapters/keys/index.ts';
import { createAuditLog } from '../src/adapters/postgres/audit/audit-log.ts';
import { createPeopleStore } from '../src/adapters/postgres/people/people-store.ts';
import { createSignInFailureStore } from '../src/adapters/postgres/people/sign-in-failure-store.ts';
import { createIdSource } from '../src/kernel/ids.ts';
import type { TenantId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { createPerson, setPassword, signIn } from '../src/modules/people/index.ts';
import { callerWith, platformKey, startAccessProcess } from './access-platform-fixture.ts';
import type { AccessProcess } from './access-platform-fixture.ts';

const password = 'correct horse battery staple';
const here = '198.51.100.1';
const elsewhere = '203.0.113.9';

describe('guessing a password', () => {
  let database: TestDatabase;
  let platform: AccessProcess;
  let tenantId: TenantId;

  before(async () => {
    database = await createTestDatabase();
    platform = await startAccessProcess(database, { clock: new FakeClock() });
    tenantId = await platform.createTenant('acme');
    for (const loginName of ['ada', 'ben']) {
      const by = callerWith({ id: tenantId, slug: 'acme' }, ['a2a:read'], 'oauth-client');
      const { link } = await createPerson(ports())(by, { tenantId, loginName, scopes: ['a2a:read'] });
      assert.equal(await setPassword(ports())(link.token, password, requestId), null);
    }
  });
  after(async () => {
    await platform[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const requestId = `req_${'0'.repeat(32)}` as const;

  function ports() {
    const { pool, clock } = platform;
    const random = createSystemRandom();
    return {
      people: createPeopleStore(pool),
      failures: createSignInFailureStore(pool),
      passwords: new Argon2Hasher(),
      secrets: new KeyVault(platformKey),
      audit: createAuditLog(pool),
      ids: createIdSource(clock, random),
      random,
    };
  }

  const tryIn = async (loginName: string, network: string, secret = password): Promise<string> =>
    (await signIn(ports())({ tenantId, loginName, password: secret, network, requestId })).kind;

  it('from one place slows down the guesser, and neither the person elsewhere nor others there', async () => {
    const tries: string[] = [];
    for (let tried = 0; tried <= limits.signInFailuresFree; tried += 1) tries.push(await tryIn('ada', here, 'a guess'));
    assert.equal(tries.at(-1), 'wait');
    assert.equal(await tryIn('ada', here), 'wait', 'also with the right one');
    assert.equal(await tryIn('ben', here), 'in');
    assert.equal(await tryIn('ada', elsewhere), 'in');
    assert.equal(await tryIn('ada', here), 'wait', 'what others do helps no guesser');
  });

  it('from many places slows down all of them', async () => {
    const kinds = new Set<string>();
    for (let tried = 0; tried <= limits.signInFailuresFreeTogether; tried += 1)
      kinds.add(await tryIn('ben', `198.51.100.${tried}`, 'a guess'));
    assert.deepEqual([...kinds], ['wrong', 'wait']);
  });
});
