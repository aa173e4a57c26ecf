/** Guarantee: signing keys rotate by themselves at every process, no token is refused because of it, and retired keys are forgotten. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually, FakeClock, startTestPlatform } from '@colloquy/testkit';
import { createHousekeeper } from '../src/adapters/postgres/housekeeping/housekeeper.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import { limits } from '../src/kernel/limits.ts';
import { rowsOf } from './access-platform-fixture.ts';

describe('a signing key that has served its time', () => {
  it('is followed by another at every process, while each token is good to its end', async () => {
    const clock = new FakeClock();
    const env = {
      COLLOQUY_NODE_FENCE_AFTER_MS: '500000',
      COLLOQUY_NODE_DEAD_AFTER_MS: '800000',
      COLLOQUY_PUBLIC_URL: 'http://one.test',
    };
    await using platform = await startTestPlatform({ clock, env });
    const { database } = platform;
    await using other = await startTestPlatform({ clock, env, database });
    const { clientId, clientSecret } = await platform.createTenant('acme');

    async function token(url: string): Promise<{ kid: string; bearer: string }> {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      });
      const answer = await fetch(`${url}/oauth/token`, { method: 'POST', body });
      const { access_token: bearer } = (await answer.json()) as { access_token: string };
      const head = JSON.parse(Buffer.from(bearer.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
      return { kid: head.kid, bearer };
    }
    const published = async (url: string): Promise<string[]> => {
      const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
      return keys.map(({ kid }) => kid);
    };
    const accepts = async (url: string, bearer: string): Promise<number> =>
      (await fetch(`${url}/api/v1/tenants/acme/agents`, { headers: { authorization: `Bearer ${bearer}` } })).status;
    /** Both processes read the keys when the database's clock shows this. */
    const atDatabaseMs = async (offsetMs: number): Promise<void> => {
      await database.setClockOffset(offsetMs);
      await clock.advance(limits.signingKeysRefreshMs);
    };

    const { kid: first, bearer: early } = await token(platform.url);
    await atDatabaseMs(limits.signingKeyMs + 1_000);
    const successor = await eventually('a successor is published', async () => (await published(other.url))[1]);
    await clock.advance(limits.signingKeysRefreshMs);
    for (const { url } of [platform, other]) {
      await eventually('by both', async () => (await published(url)).length === 2);
      assert.equal((await token(url)).kid, first, 'not signing yet');
    }
    await atDatabaseMs(limits.signingKeyMs + limits.signingKeyPublishedMs + 120_000);
    for (const { url } of [platform, other]) {
      await eventually('it signs', async () => (await token(url)).kid === successor);
      assert.equal(await accepts(url, early), 200, 'of the key before');
      assert.equal(await accepts(url, (await token(platform.url)).bearer), 200);
      assert.equal(await accepts(url, (await token(other.url)).bearer), 200);
    }
    const heldMs = limits.signingKeyPublishedMs + limits.signingKeyHeldMs;
    await atDatabaseMs(limits.signingKeyMs + heldMs + 240_000);
    await clock.advance(limits.signingKeysRefreshMs);
    for (const { url } of [platform, other])
      await eventually('the first has retired', async () => (await published(url)).join() === successor);
    assert.equal(await accepts(other.url, (await token(platform.url)).bearer), 200);
  });

  it('is forgotten a day after it has retired, and none is forgotten that is in use, whatever is asked for', async () => {
    await using platform = await startTestPlatform();
    const { database } = platform;
    const add = (kid: string, retired: string): string =>
      `insert into colloquy.signing_keys (kid, algorithm, public_jwk, private_jwk_sealed, retired_at) values ('${kid}', 'ES256', '{}', '', ${retired})`;
    await rowsOf(database, add('long ago', `now() - interval '25 hours'`));
    await rowsOf(database, add('just now', `now() - interval '59 minutes'`));
    const workers = createPool({
      url: database.adminUrl,
      role: 'colloquy_worker',
      connectionsMax: 1,
      applicationName: 'test',
    });
    try {
      await createHousekeeper(workers).sweep();
      await workers.query('delete from colloquy.signing_keys');
      await assert.rejects(workers.query('select private_jwk_sealed from colloquy.signing_keys'), /permission denied/);
    } finally {
      await workers.end();
    }
    const left = await rowsOf<{ kid: string; in_use: boolean }>(
      database,
      `select kid, retired_at is null as in_use from colloquy.signing_keys order by in_use`,
    );
    assert.deepEqual(
      left.map(({ kid, in_use: inUse }) => (inUse ? 'in use' : kid)),
      ['just now', 'in use'],
    );
  });
});
