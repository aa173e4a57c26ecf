/** Guarantee: a key made by one process is known to all, and made-up key ids can not make the platform read keys all the time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { StoredSigningKey } from '../../modules/access/index.ts';
import { KeyVault } from './key-vault.ts';
import { makeStoredSigningKey } from './signing-key.ts';
import { SigningKeyRing } from './signing-key-ring.ts';

const vault = new KeyVault(Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7 + 1)));
const otherVault = new KeyVault(Buffer.from(Array.from({ length: 32 }, (_, i) => i * 5 + 3)));

/** What the database holds, and how often it was asked. */
class World {
  stored: StoredSigningKey[] = [];
  reads = 0;
  isAway = false;
  monotonicMs = 0;
  readonly ports = {
    vault,
    clock: { nowMs: () => 0, monotonicMs: () => this.monotonicMs, after: () => () => undefined },
    store: {
      list: async (): Promise<readonly StoredSigningKey[]> => {
        this.reads += 1;
        if (this.isAway) throw new PlatformError('platform.unavailable');
        return this.stored;
      },
      addFirst: async (key: StoredSigningKey): Promise<readonly StoredSigningKey[]> => {
        if (this.stored.length === 0) this.stored.push(key);
        return this.stored;
      },
    },
  };
}

describe('the signing keys', () => {
  it('begin with one, which every later process finds', async () => {
    const world = new World();
    const first = await SigningKeyRing.open(world.ports);
    const second = await SigningKeyRing.open(world.ports);
    assert.equal(second.current.kid, first.current.kid);
    assert.deepEqual(second.jwks(), first.jwks());
    assert.equal(JSON.stringify(first.jwks()).includes('"d"'), false);
  });

  it('are read anew for an unknown id, once for many requests and at most once in the interval', async () => {
    const world = new World();
    const ring = await SigningKeyRing.open(world.ports);
    const reads = world.reads;
    for (let i = 0; i < 100; i += 1) assert.equal(await ring.find(`made-up-${i}`), null);
    assert.equal(world.reads, reads, 'read a moment ago');
    world.monotonicMs += limits.signingKeysReadMs;
    await Promise.all(Array.from({ length: 100 }, (_, i) => ring.find(`made-up-${i}`)));
    assert.equal(world.reads, reads + 1);
    const rotated = makeStoredSigningKey(vault);
    world.stored.push(rotated);
    world.monotonicMs += limits.signingKeysReadMs;
    assert.equal((await ring.find(rotated.kid))?.kid, rotated.kid);
    assert.equal(ring.current.kid, rotated.kid, 'the newest signs');
    assert.equal(ring.jwks().keys.length, 2);
  });

  it('stay as they are while they can not be read, and who needs another is told so', async () => {
    const world = new World();
    const ring = await SigningKeyRing.open(world.ports);
    world.isAway = true;
    world.monotonicMs += limits.signingKeysReadMs;
    await assert.rejects(
      ring.find('other'),
      (error) => error instanceof PlatformError && error.code === 'platform.unavailable',
    );
    assert.equal((await ring.find(ring.current.kid))?.kid, ring.current.kid);
  });

  it('of another platform key stop the start, with the reason', async () => {
    const world = new World();
    world.stored.push(makeStoredSigningKey(otherVault));
    await assert.rejects(SigningKeyRing.open(world.ports), /another secret key/);
  });
});
