/** Guarantee: a cache of checked tokens makes requests cheap and never makes a token live longer. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlatformError } from '../../kernel/errors.ts';
import { everything } from '../../kernel/access-rights.ts';
import type { HeldRole } from './grant.ts';
import { limits } from '../../kernel/limits.ts';
import { Authenticator } from './authenticator.ts';
import type { Identity } from './identity.ts';
import { accessTokenJudge, judgeAccessToken } from './judge-access-token.ts';
import type { ClientCredentialRecord } from './oauth-client.ts';
import type { PresentedCredentials } from './presented-credentials.ts';
import type { TokenClaims } from './token-verifier.ts';

const tenant = { id: 'tnt_1', slug: 'acme' } as const;

/** Time, keys and database as the test scripts them; the authenticator is the real one. */
class World {
  nowMs = 1_000_000;
  monotonicMs = 0;
  verified = 0;
  found = 0;
  isRevoked = false;
  isDown = false;
  isTakenBack = false;
  /** What a check that has read the database waits for before it is done. */
  slowly: Promise<void> = Promise.resolve();
  roles: readonly (readonly HeldRole[])[] = [];
  expiresAtMs = 1_000_000 + 600_000;
  client: Partial<ClientCredentialRecord> = {};
  /** Tokens of the form `t…` are valid. */
  readonly authenticator = new Authenticator({
    clock: { nowMs: () => this.nowMs, monotonicMs: () => this.monotonicMs, after: () => () => undefined },
    judge: accessTokenJudge(
      judgeAccessToken({
        verifier: { verify: (token) => this.#verify(token) },
        clients: { find: (clientId) => this.#find(clientId) },
        people: { findRights: () => Promise.resolve(null) },
        roles: { findHeld: () => Promise.resolve({ lists: this.roles, narrowings: 0 }) },
        revocations: { findRevoked: () => Promise.resolve(this.isTakenBack ? [0] : []) },
      }),
    ),
    // No token here is bound, so the authenticator must not use these.
    proofs: { verify: untouched },
    nonces: { current: untouched, accepts: untouched },
    spentProofs: { spend: untouched },
  });

  authenticate(authorization: string | undefined): Identity | Promise<Identity> {
    return this.authenticator.authenticate(bearing(authorization));
  }

  advance(ms: number): void {
    this.nowMs += ms;
    this.monotonicMs += ms;
  }

  async #verify(token: string): Promise<TokenClaims | null> {
    this.verified += 1;
    if (!token.startsWith('t')) return null;
    const scopes = ['a2a:send', 'a2a:read'];
    return {
      keyId: 'key',
      tokenId: token,
      clientId: 'cli_1',
      principal: { kind: 'oauth-client', id: 'cli_1' },
      actors: [],
      mayAct: null,
      from: [],
      tenantId: tenant.id,
      scopes,
      boundTo: null,
      expiresAtMs: this.expiresAtMs,
      confirmation: null,
    };
  }

  async #find(clientId: string): Promise<ClientCredentialRecord | null> {
    this.found += 1;
    if (this.isDown) throw new Error('connection refused');
    const { isRevoked } = this;
    await this.slowly;
    const known = { clientId, kind: 'oauth-client' as const, tenant, scopes: ['a2a:send', 'a2a:read'] };
    const means = { authentication: { method: 'client_secret_basic' }, tokenBinding: 'none' } as const;
    const secrets = { secretHashes: [new Uint8Array(32)], authorities: [] };
    return { ...known, ...means, ...secrets, isRevoked, ...this.client };
  }

  async code(header: string | undefined): Promise<string> {
    try {
      await this.authenticate(header);
      return 'accepted';
    } catch (error) {
      assert.ok(error instanceof PlatformError, String(error));
      return error.code;
    }
  }
}

function untouched(): never {
  throw new Error('A bearer token needs no proof.');
}

function bearing(authorization: string | undefined, beforeJudging = () => {}): PresentedCredentials {
  const url = 'https://colloquy.example/';
  return {
    authorization,
    apiKey: undefined,
    dpop: undefined,
    method: 'POST',
    url,
    certificate: null,
    beforeJudging,
    offerNonce: untouched,
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('authenticator', () => {
  it('answers a checked token at once, without keys and without the database', async () => {
    const world = new World();
    const first = await world.authenticate('Bearer t1');
    const again = world.authenticate('bearer t1');
    assert.equal(again, first, 'synchronous, and the very same identity');
    assert.deepEqual([world.verified, world.found], [1, 1]);
    assert.deepEqual([...first.scopes], ['a2a:send', 'a2a:read']);
  });

  it('verifies no new token for a sender that is rate limited, and still accepts a cached one', async () => {
    const world = new World();
    await world.authenticate('Bearer t1');
    const refuse = (): never => {
      throw new PlatformError('request.rate-limited');
    };
    const blocked = (token: string) => world.authenticator.authenticate(bearing(`Bearer ${token}`, refuse));
    await blocked('t1');
    assert.throws(() => blocked('t2'), { code: 'request.rate-limited' });
    assert.deepEqual([world.verified, world.found], [1, 1]);
  });

  it('verifies a token once for many requests that arrive together', async () => {
    const world = new World();
    await Promise.all(Array.from({ length: 50 }, () => world.code('Bearer t1')));
    assert.deepEqual([world.verified, world.found], [1, 1]);
  });

  it('refuses a revoked client within the cache time, also when requests never pause', async () => {
    const world = new World();
    assert.equal(await world.code('Bearer t1'), 'accepted');
    world.isRevoked = true;
    const startMs = world.monotonicMs;
    while ((await world.code('Bearer t1')) === 'accepted') {
      world.advance(100);
      await settle();
      assert.ok(world.monotonicMs - startMs <= limits.tokenCacheMs, 'still accepted after the cache time');
    }
    assert.equal(await world.code('Bearer t1'), 'access.unauthenticated');
  });

  it('refuses a revoked client at the first request after the cache time', async () => {
    const world = new World();
    assert.equal(await world.code('Bearer t1'), 'accepted');
    world.isRevoked = true;
    world.advance(limits.tokenCacheMs);
    assert.equal(await world.code('Bearer t1'), 'access.unauthenticated');
  });

  it('refuses a revoked token within the cache time, and at once after a notification that rights changed', async () => {
    const world = new World();
    assert.equal(await world.code('Bearer t1'), 'accepted');
    world.isTakenBack = true;
    assert.equal(await world.code('Bearer t1'), 'accepted', 'checked a moment ago');
    world.authenticator.doubt('tnt_other');
    assert.equal(await world.code('Bearer t1'), 'accepted', 'the rights of others changed');
    world.authenticator.doubt(tenant.id);
    assert.equal(await world.code('Bearer t1'), 'access.unauthenticated');
    const late = new World();
    assert.equal(await late.code('Bearer t1'), 'accepted');
    late.isTakenBack = true;
    late.advance(limits.tokenCacheMs);
    assert.equal(await late.code('Bearer t1'), 'access.unauthenticated');
  });

  it('caches no result of a check that began before a notification that rights changed', async () => {
    const world = new World();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    world.slowly = promise.then(() => undefined);
    const early = world.code('Bearer t1');
    await settle();
    world.isRevoked = true;
    world.authenticator.doubt(tenant.id);
    world.slowly = Promise.resolve();
    assert.equal(await world.code('Bearer t1'), 'access.unauthenticated', 'it waits for no answer from before');
    resolve(undefined);
    assert.equal(await early, 'accepted', 'it came before');
    assert.equal(await world.code('Bearer t1'), 'access.unauthenticated', 'the old answer was not cached');
  });

  it('does not share a check that hangs for longer than the cache time', async () => {
    const world = new World();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    world.slowly = promise.then(() => undefined);
    const early = world.code('Bearer t1');
    await settle();
    world.isRevoked = true;
    world.slowly = Promise.resolve();
    world.advance(limits.tokenCacheMs);
    assert.equal(await world.code('Bearer t1'), 'access.unauthenticated');
    resolve(undefined);
    await early;
    assert.equal(await world.code('Bearer t1'), 'access.unauthenticated');
  });

  it('never uses a cached token past its expiry, also when only the wall clock moves', async () => {
    const world = new World();
    assert.equal(await world.code('Bearer t1'), 'accepted');
    world.nowMs = world.expiresAtMs;
    await world.code('Bearer t1');
    assert.equal(world.verified, 2, 'judged anew');
  });

  it('answers unavailable for an uncached token while the database is away', async () => {
    const world = new World();
    assert.equal(await world.code('Bearer t1'), 'accepted');
    world.isDown = true;
    assert.equal(await world.code('Bearer t2'), 'platform.unavailable');
    world.advance(limits.tokenCacheMs - 1);
    assert.equal(await world.code('Bearer t1'), 'accepted', 'checked less than the cache time ago');
    await settle();
    world.advance(1);
    assert.equal(await world.code('Bearer t1'), 'platform.unavailable');
    assert.equal(await world.code('Bearer x'), 'access.unauthenticated', 'a bad token needs no database');
    world.isDown = false;
    assert.equal(await world.code('Bearer t1'), 'accepted');
  });

  it('caches a bounded number of tokens, and distinguishes tokens that share a long prefix', async () => {
    const world = new World();
    const prefix = 't'.repeat(2_000);
    for (let i = 0; i <= limits.tokenCacheEntriesMax; i += 1) await world.authenticate(`Bearer ${prefix}${i}`);
    assert.equal(world.verified, limits.tokenCacheEntriesMax + 1);
    await world.authenticate(`Bearer ${prefix}${limits.tokenCacheEntriesMax}`);
    assert.equal(world.verified, limits.tokenCacheEntriesMax + 1, 'the newest is kept');
    await world.authenticate(`Bearer ${prefix}0`);
    assert.equal(world.verified, limits.tokenCacheEntriesMax + 2, 'the oldest left');
  });

  it('grants the part of the scopes that the client still holds', async () => {
    const world = new World();
    world.client = { scopes: ['a2a:read'] };
    const identity = await world.authenticate('Bearer t1');
    assert.deepEqual([...identity.scopes], ['a2a:read']);
  });

  it('refuses a token whose client is of another tenant or another kind now', async () => {
    const world = new World();
    world.client = { tenant: { id: 'tnt_2', slug: 'other' } };
    assert.equal(await world.code('Bearer t1'), 'access.unauthenticated');
    world.client = { kind: 'operator' };
    assert.equal(await world.code('Bearer t1'), 'access.unauthenticated');
  });

  it('reads nothing but one bearer token of bounded length', async () => {
    const world = new World();
    const long = 't'.repeat(limits.tokenBytesMax);
    assert.equal(await world.code(`Bearer ${long}`), 'accepted');
    const bad = [
      '',
      'Bearer',
      'Bearer ',
      'Bearer  t1',
      'Bearer t1 ',
      ' Bearer t1',
      'Basic t1',
      'Bearer t1, Bearer t1',
      't1',
      'Bearer t\u0000',
    ];
    const verified = world.verified;
    for (const header of [undefined, ...bad, `Bearer ${long}t`]) {
      assert.equal(await world.code(header), 'access.unauthenticated', String(header).slice(0, 40));
    }
    assert.equal(world.verified, verified, 'none of them reached a key');
  });

  it('limits a principal to its roles, and does not limit one that never had a role', async () => {
    const world = new World();
    assert.equal((await world.authenticate('Bearer t1')).access, everything);
    world.roles = [[{ role: 'caller', agentName: 'echo', skillId: null }]];
    world.authenticator.doubt(tenant.id);
    const limited = await world.authenticate('Bearer t1');
    assert.deepEqual([...limited.access.agents.keys()], ['echo']);
    assert.equal(limited.access.tenant.size, 0);
  });

  it('limits a delegated token to the rights that both principals hold', async () => {
    const world = new World();
    world.roles = [
      [{ role: 'auditor', agentName: null, skillId: null }],
      [{ role: 'caller', agentName: 'echo', skillId: null }],
    ];
    const { access } = await world.authenticate('Bearer t1');
    assert.deepEqual(
      [[...access.tenant], [...(access.agents.get('echo')?.scopes ?? [])].toSorted()],
      [[], ['a2a:read', 'acp:read', 'credits:read']],
    );
  });
});
