/**
 * Guarantee (T11, T25): revoked rights are refused, and their streams are over, within five seconds on a process that gets no notification,
 * also for a stream that was opened with a cached token.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { everything } from '../../kernel/access-rights.ts';
import type { CallerStatus } from '../../kernel/caller.ts';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { Authenticator } from './authenticator.ts';
import type { Identity } from './identity.ts';
import { CallerStatusWatch } from './caller-status-watch.ts';

const reachMs = 5_000;
/** Reserve for effects that a trial does not have: a busy process, a slow network to the database. */
const spareMs = 700;
const trials = 400;
/** The longest time that the database takes to answer a check. */
const answerMsMax = 250;

const tenant = { id: `tnt_${'0'.repeat(32)}`, slug: 'acme' } as const;
const callerStatusOf = (token: string): CallerStatus => ({
  tenantId: tenant.id,
  revocable: [token],
  parties: [],
  keyId: null,
});
const untouched = (): never => assert.fail('no token here is bound');
const presenting = (token: string) => ({
  authorization: `Bearer ${token}`,
  apiKey: undefined,
  dpop: undefined,
  method: 'POST',
  url: '/',
  certificate: null,
  beforeJudging: () => undefined,
  offerNonce: untouched,
});

/** Park and Miller: the same trials at every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}

/** One process, and the state of a token in the database; each answer of the database takes a while. */
class Process {
  readonly clock = new FakeClock(0);
  readonly #answerMs: number;
  #takenAtMs = Infinity;
  readonly statuses: CallerStatusWatch;
  readonly authenticator: Authenticator;

  constructor(answerMs: number, { checksByItself = true } = {}) {
    this.#answerMs = answerMs;
    const findRevoked = async (statuses: readonly CallerStatus[]): Promise<readonly number[]> => {
      const isTaken = this.clock.monotonicMs() >= this.#takenAtMs;
      await this.#answer();
      return statuses.flatMap(({ revocable }, place) => (isTaken && revocable.includes('token') ? [place] : []));
    };
    const asleep: Clock = { nowMs: () => 0, monotonicMs: () => 0, after: () => () => undefined };
    this.statuses = new CallerStatusWatch({
      revocations: { findRevoked },
      clock: checksByItself ? this.clock : asleep,
    });
    this.authenticator = new Authenticator({
      clock: this.clock,
      judge: async (token) => {
        const isTaken = this.clock.monotonicMs() >= this.#takenAtMs;
        await this.#answer();
        if (isTaken) throw new PlatformError('access.unauthenticated');
        return identityOf(token);
      },
      onRevoked: () => void this.statuses.check(),
      proofs: { verify: untouched },
      nonces: { current: untouched, accepts: untouched },
      spentProofs: { spend: untouched },
    });
  }

  take(): void {
    this.#takenAtMs = this.clock.monotonicMs();
  }

  async isLetIn(): Promise<boolean> {
    try {
      await this.authenticator.authenticate(presenting('token'));
      return true;
    } catch {
      return false;
    }
  }

  #answer(): Promise<void> {
    return new Promise((resolve) => this.clock.after(this.#answerMs, resolve));
  }
}

const identityOf = (token: string): Identity => ({
  principal: { kind: 'oauth-client', id: 'cli_1' },
  actors: [],
  tenant,
  scopes: new Set(),
  access: everything,
  boundTo: null,
  status: callerStatusOf(token),
  expiresAtMs: 600_000,
  confirmation: null,
});

/** Checks the token, revokes it, and opens a stream with the cached result; returns the time from the revocation to the end of the stream. */
async function streamAfterTaking(next: (below: number) => number): Promise<number | null> {
  const process = new Process(next(answerMsMax));
  const { clock, statuses } = process;
  // Another stream is open, so that checks run at any time.
  statuses.follow(callerStatusOf('other'), () => assert.fail('this client is still active'));
  await clock.advance(next(limits.callerStatusCheckMs * 3));
  const judged = process.isLetIn();
  await clock.advance(next(600));
  process.take();
  const takenAtMs = clock.monotonicMs();
  await clock.advance(next(limits.tokenCacheMs + 500));
  const asked = process.isLetIn();
  let isKnown = false;
  void asked.then(() => (isKnown = true));
  await clock.advance(0);
  const opened = isKnown && (await asked);
  let endedAtMs: number | null = null;
  if (opened) statuses.follow(callerStatusOf('token'), () => (endedAtMs ??= clock.monotonicMs()));
  await clock.advance(2 * reachMs);
  const [isLetIn] = await Promise.all([process.isLetIn(), clock.advance(answerMsMax)]);
  assert.deepEqual([await judged, isLetIn], [true, false]);
  statuses.close();
  return opened ? (endedAtMs ?? Infinity) - takenAtMs : null;
}

describe('revoked rights', () => {
  it('end a stream in time that began on a token which was judged before', async () => {
    const next = seeded(7);
    let streams = 0;
    let longestMs = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const endedMs = await streamAfterTaking(next);
      if (endedMs === null) continue;
      streams += 1;
      longestMs = Math.max(longestMs, endedMs);
    }
    assert.ok(streams > trials / 3, `${streams} streams began after the token was taken`);
    assert.ok(longestMs <= reachMs - spareMs, `one lived for ${longestMs} ms`);
    assert.ok(longestMs > limits.tokenCacheMs, 'the trials come close to the worst case');
  });

  it('are refused within the sum of cache time, check interval and reads, with a reserve', () => {
    const { tokenCacheMs, callerStatusCheckMs, signingKeysRefreshMs } = limits;
    assert.ok(tokenCacheMs + callerStatusCheckMs + 2 * answerMsMax <= reachMs - spareMs);
    assert.ok(signingKeysRefreshMs + 2 * answerMsMax <= reachMs - spareMs, 'a key that is dropped');
  });

  it('end streams at once when a token in use is refused, before the next regular check', async () => {
    const process = new Process(0, { checksByItself: false });
    const { clock, statuses } = process;
    await Promise.all([process.isLetIn(), clock.advance(1)]);
    let isOver = false;
    statuses.follow(callerStatusOf('token'), () => (isOver = true));
    process.take();
    await clock.advance(limits.tokenCacheMs);
    assert.equal(isOver, false, 'no check has run yet');
    const [isLetIn] = await Promise.all([process.isLetIn(), clock.advance(1)]);
    assert.equal(isLetIn, false);
    await clock.advance(1);
    assert.equal(isOver, true);
    statuses.close();
  });
});
