/** Guarantee: a forward's token names its task, and is shared only with the same principal's sends to the same agent of the same moment. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../../kernel/clock.ts';
import { idOf } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { UpstreamCall } from '../../modules/gateway/index.ts';
import type { ForwardClaims } from './forward-token.ts';
import { ForwardTokens } from './forward-tokens.ts';

const clock: Clock = { nowMs: () => 7, monotonicMs: () => 7, after: () => () => undefined };
const callOf = (at: number, over: { subject?: string; url?: string; tenantId?: string } = {}): UpstreamCall =>
  ({
    route: { tenantId: over.tenantId ?? 'tnt_1', tenantSlug: `slug of ${over.tenantId ?? 'tnt_1'}` },
    instance: { url: over.url ?? 'https://agent.example/' },
    subject: over.subject ?? 'cli_1',
    taskId: idOf('tsk', String(at)),
  }) as UpstreamCall;

function startTokens() {
  const signed: ForwardClaims[] = [];
  const sign = (claims: ForwardClaims): string => `token ${signed.push(claims)}`;
  return { tokens: new ForwardTokens(sign, clock), signed };
}

describe('forward tokens', () => {
  it('are shared by what is sent at once, up to a bound, and name every task', async () => {
    const { tokens, signed } = startTokens();
    const calls = Array.from({ length: limits.forwardTokenTasksMax + 3 }, (_, at) => callOf(at));
    const got = await Promise.all(calls.map((call) => tokens.of(call)));
    assert.deepEqual(
      signed.map(({ taskIds }) => taskIds.length),
      [limits.forwardTokenTasksMax, 3],
    );
    for (const [at, { taskId }] of calls.entries()) {
      const claims = signed[Number(got[at]?.slice('token '.length)) - 1];
      assert.ok(claims !== undefined && claims.taskIds.includes(taskId), taskId);
      assert.deepEqual([claims.subject, claims.audience, claims.nowMs], ['cli_1', 'https://agent.example/', 7]);
    }
  });

  it('are never shared with another principal, agent, tenant or moment', async () => {
    const { tokens, signed } = startTokens();
    const others = [{ subject: 'cli_2' }, { url: 'https://other.example/' }, { tenantId: 'tnt_2' }];
    await Promise.all([callOf(0), ...others.map((over) => callOf(1, over))].map((call) => tokens.of(call)));
    await tokens.of(callOf(2));
    assert.equal(signed.length, 5);
    assert.ok(signed.every(({ taskIds }) => taskIds.length === 1));
  });

  it('fail with what hinders the signing, and the next one is tried anew', async () => {
    let isBroken = true;
    const tokens = new ForwardTokens(() => {
      if (isBroken) throw new Error('no key');
      return 'token';
    }, clock);
    await assert.rejects(tokens.of(callOf(0)), /no key/);
    isBroken = false;
    assert.equal(await tokens.of(callOf(0)), 'token');
  });
});
