/** Guarantee: a key made by one process is known to all, and invented key ids cannot make the platform read keys all the time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { AgedSigningKey, StoredSigningKey } from '../../modules/access/index.ts';
import { KeyVault } from './key-vault.ts';
import { makeStoredSigningKey } from './signing-key.ts';
import { SigningKeyRing } from './signing-key-ring.ts';

const vault = new KeyVault(Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7 + 1)));
const otherVault = new KeyVault(Buffer.from(Array.from({ length: 32 }, (_, i) => i * 5 + 3)));

/** The rows of the database, and the number of reads. */
class World {
  stored: StoredSigningKey[] = [];
  /** When each key was made, by the database's clock. */
  readonly madeAtMs = new Map<string, number>();
  reads = 0;
  isAway = false;
  /** Delays an answer after its rows were read. */
  slowly: Promise<void> = Promise.resolve();
  readonly clock = new FakeClock(0);
  readonly ports = {
    vault,
    clock: this.clock,
    store: {
      list: async (): Promise<readonly AgedSigningKey[]> => {
        this.reads += 1;
        if (this.isAway) throw new PlatformError('platform.unavailable');
        const read = this.aged();
        await this.slowly;
        return read;
      },
      add: async (key: StoredSigningKey, youngerThanMs: number | null): Promise<readonly AgedSigningKey[]> => {
        if (!this.aged().some(({ ageMs }) => youngerThanMs === null || ageMs < youngerThanMs)) this.make(key);
        return this.aged();
      },
      retire: async (besideMs: number): Promise<readonly AgedSigningKey[]> => {
        const aged = this.aged();
        this.stored = this.stored.filter((_, at) => !aged.slice(at + 1).some(({ ageMs }) => ageMs > besideMs));
        return this.aged();
      },
      listFacts: async () =>
        this.aged().map(({ kid, ageMs }) => ({ kid, ageMs, createdAt: new Date(0), retiredAt: null, droppedAt: null })),
      drop: async (kid: string, successor: StoredSigningKey): Promise<readonly AgedSigningKey[] | null> => {
        if (!this.stored.some((key) => key.kid === kid)) return null;
        this.stored = this.stored.filter((key) => key.kid !== kid);
        if (this.stored.length === 0) this.make(successor);
        return this.aged();
      },
    },
  };

  make(key: StoredSigningKey): void {
    this.stored.push(key);
    this.madeAtMs.set(key.kid, this.clock.monotonicMs());
  }

  aged(): readonly AgedSigningKey[] {
    const nowMs = this.clock.monotonicMs();
    return this.stored.map((key) => ({ ...key, ageMs: nowMs - (this.madeAtMs.get(key.kid) ?? 0) }));
  }
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

  it('are read again for an unknown id, once for many requests and at most once in the interval', async () => {
    const world = new World();
    const ring = await SigningKeyRing.open(world.ports);
    const reads = world.reads;
    for (let i = 0; i < 100; i += 1) assert.equal(await ring.find(`made-up-${i}`), null);
    assert.equal(world.reads, reads, 'read a moment ago');
    await world.clock.advance(limits.signingKeysReadMs);
    await Promise.all(Array.from({ length: 100 }, (_, i) => ring.find(`made-up-${i}`)));
    assert.equal(world.reads, reads + 1);
    const rotated = await makeStoredSigningKey(vault);
    world.make(rotated);
    await world.clock.advance(limits.signingKeysReadMs);
    assert.equal((await ring.find(rotated.kid))?.kid, rotated.kid);
    assert.equal(ring.jwks().keys.length, 2);
  });

  it('are read once more when they change while they are being read', async () => {
    const world = new World();
    const ring = await SigningKeyRing.open(world.ports);
    const { kid } = ring.current;
    await world.clock.advance(limits.signingKeysReadMs);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    world.slowly = promise.then(() => undefined);
    const found = ring.find('made-up');
    await world.ports.store.drop(kid, await makeStoredSigningKey(vault));
    world.slowly = Promise.resolve();
    const reread = ring.reread();
    resolve(undefined);
    await Promise.all([found, reread]);
    assert.equal(await ring.find(kid), null, 'what was dropped is believed no more');
  });

  it('stay in use while they cannot be read, and an unknown id is answered as unavailable', async () => {
    const world = new World();
    const ring = await SigningKeyRing.open(world.ports);
    world.isAway = true;
    await world.clock.advance(limits.signingKeysReadMs);
    await assert.rejects(
      ring.find('other'),
      (error) => error instanceof PlatformError && error.code === 'platform.unavailable',
    );
    assert.equal((await ring.find(ring.current.kid))?.kid, ring.current.kid);
  });

  it('of another platform key stop the start, with the reason', async () => {
    const world = new World();
    world.stored.push(await makeStoredSigningKey(otherVault));
    await assert.rejects(SigningKeyRing.open(world.ports), { code: 'secret.unreadable' });
  });

  it('follow each other: the next is published before it signs, the last until nothing that it signed lives', async () => {
    const world = new World();
    const [one, other] = [await SigningKeyRing.open(world.ports), await SigningKeyRing.open(world.ports)];
    const first = one.current.kid;
    const kids = (ring: SigningKeyRing): string[] => ring.jwks().keys.map(({ kid }) => kid);
    // The key is old already: each process reads the keys every few seconds, so the fake clock cannot advance by months.
    world.madeAtMs.set(first, 2 * limits.signingKeysRefreshMs - limits.signingKeyMs);
    await world.clock.advance(2 * limits.signingKeysRefreshMs - 1);
    assert.deepEqual([kids(one), kids(other)], [[first], [first]]);
    await world.clock.advance(2 * limits.signingKeysRefreshMs);
    const [, second = ''] = kids(one);
    assert.deepEqual(
      [kids(one), kids(other)],
      [
        [first, second],
        [first, second],
      ],
      'one successor, known to both',
    );
    assert.deepEqual([one.current.kid, other.current.kid], [first, first]);
    await world.clock.advance(limits.signingKeyPublishedMs);
    assert.deepEqual([one.current.kid, other.current.kid], [second, second]);
    assert.deepEqual(kids(one), [first, second]);
    await world.clock.advance(limits.signingKeyHeldMs - 2 * limits.signingKeysRefreshMs);
    assert.deepEqual(kids(other), [first, second]);
    await world.clock.advance(4 * limits.signingKeysRefreshMs);
    assert.deepEqual([kids(one), kids(other)], [[second], [second]]);
    assert.ok(limits.signingKeyHeldMs >= Math.max(limits.accessTokenMs, limits.forwardTokenMs) + limits.tokenLeewayMs);
    one.close();
    other.close();
    assert.equal(world.clock.pendingTimers, 0);
  });

  it('stay the same objects while they are the same keys, and are read on after the database was away', async () => {
    const world = new World();
    const ring = await SigningKeyRing.open(world.ports);
    const { current } = ring;
    world.isAway = true;
    await world.clock.advance(3 * limits.signingKeysRefreshMs);
    world.isAway = false;
    const reads = world.reads;
    await world.clock.advance(2 * limits.signingKeysRefreshMs);
    assert.ok(world.reads > reads);
    assert.equal(ring.current, current);
    ring.close();
  });
});
