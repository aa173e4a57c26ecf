/** Guarantee: no tree of token exchanges increases authority: scopes, expiry, resource and depth only shrink, and no principal acts twice: T09. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { everything } from '../../kernel/access-rights.ts';
import { isWithin } from '../../kernel/bound-resource.ts';
import type { BoundResource, Principal } from '../../kernel/caller.ts';
import { limits } from '../../kernel/limits.ts';
import { delegate } from './delegate.ts';
import type { Delegation, RequestedDelegation } from './delegate.ts';
import { callerStatusOf } from './judge-access-token.ts';
import type { JudgedToken } from './judge-access-token.ts';
import { tenantScopes } from '../../kernel/scope.ts';

const tenants = ['tnt_1', 'tnt_2'] as const;
const resources: readonly (BoundResource | null)[] = [
  null,
  { tenantSlug: 'acme', agentName: null },
  { tenantSlug: 'acme', agentName: 'billing' },
  { tenantSlug: 'acme', agentName: 'support' },
];

/** A reproducible stream of numbers below 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const cli = (n: number): string => `cli_${String(n).padStart(32, '0')}`;

let tokensMade = 0;

interface TokenDraft extends Partial<Delegation> {
  readonly clientId: string;
  readonly tenantId?: (typeof tenants)[number];
  readonly isBound?: boolean;
}

function tokenOf({ clientId, tenantId = 'tnt_1', isBound = false, ...said }: TokenDraft): JudgedToken {
  const principal: Principal = said.principal ?? { kind: 'oauth-client', id: clientId };
  const { actors = [], scopes = tenantScopes, boundTo = null, mayAct = null, from = [], expiresAtMs = 600_000 } = said;
  const confirmation = isBound ? { jkt: 'x'.repeat(43), x5tS256: null } : null;
  const tokenId = `token-${(tokensMade += 1)}`;
  const words = { keyId: 'key', tokenId, clientId, principal, actors, mayAct, from, tenantId, scopes, boundTo };
  const claims = { ...words, expiresAtMs, confirmation };
  const rights = { scopes: new Set(scopes), access: everything, boundTo, expiresAtMs, confirmation };
  const identity = {
    principal,
    actors,
    tenant: { id: tenantId, slug: 'acme' },
    ...rights,
    status: callerStatusOf(claims),
  };
  return { identity, claims };
}

const requestedBy = (clientId: string, requested: Partial<RequestedDelegation> = {}): RequestedDelegation => ({
  clientId,
  scopes: null,
  resource: undefined,
  ...requested,
});

const given = (result: ReturnType<typeof delegate>): Delegation => {
  assert.ok(typeof result !== 'string', JSON.stringify(result));
  return result;
};

/** Exchanges random tokens and asserts that the new token has no authority of its own. Returns the new token, if there is one. */
function exchange(random: () => number, subject: JudgedToken): JudgedToken | null {
  const pick = <Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item => {
    const item = items[Math.floor(random() * items.length)];
    assert.ok(item !== undefined);
    return item;
  };
  const some = (): readonly string[] => tenantScopes.filter(() => random() < 0.7);
  const clientId = cli(Math.floor(random() * 7));
  const actor = tokenOf({
    clientId,
    scopes: some(),
    boundTo: random() < 0.6 ? null : pick(resources),
    expiresAtMs: Math.floor(random() * 600_000),
    tenantId: random() < 0.05 ? 'tnt_2' : 'tnt_1',
    ...(random() < 0.05 ? { actors: [{ kind: 'oauth-client', id: cli(9) }] } : {}),
  });
  const scopes = random() < 0.5 ? null : some();
  const resource = random() < 0.5 ? undefined : pick(resources);
  const result = delegate(subject, actor, requestedBy(random() < 0.05 ? cli(8) : clientId, { scopes, resource }));
  if (typeof result === 'string') return null;
  assertShrunk(result, subject, actor, scopes);
  return tokenOf({ ...result, clientId });
}

function assertShrunk(
  made: Delegation,
  subject: JudgedToken,
  actor: JudgedToken,
  wanted: readonly string[] | null,
): void {
  assert.deepEqual(made.principal, subject.identity.principal, 'on the same authority');
  assert.ok(made.scopes.length > 0);
  for (const scope of made.scopes) {
    assert.ok(subject.identity.scopes.has(scope) && actor.identity.scopes.has(scope));
    assert.ok(wanted === null || wanted.includes(scope));
  }
  assert.ok(made.expiresAtMs <= subject.identity.expiresAtMs && made.expiresAtMs <= actor.identity.expiresAtMs);
  assert.ok(isWithin(made.boundTo, subject.identity.boundTo) && isWithin(made.boundTo, actor.identity.boundTo));
  assert.equal(made.actors.length, subject.identity.actors.length + 1, 'never without an actor');
  assert.ok(made.actors.length <= limits.delegationActorsMax);
  const everybody = [made.principal.id, ...made.actors.map(({ id }) => id)];
  assert.equal(new Set(everybody).size, everybody.length, 'no principal twice');
  assert.equal(subject.identity.tenant.id, actor.identity.tenant.id);
  assert.ok(subject.claims.mayAct === null || subject.claims.mayAct === actor.identity.principal.id);
  const ends = callerStatusOf(tokenOf({ ...made, clientId: actor.claims.clientId }).claims);
  for (const id of [...subject.identity.status.revocable, ...actor.identity.status.revocable])
    assert.ok(ends.revocable.includes(id), 'it ends with what it was made from');
  for (const id of subject.identity.status.parties) assert.ok(ends.parties.includes(id));
}

describe('token exchange', () => {
  it('never makes authority grow, in 10,000 random trees', () => {
    const seed = 20_260_807;
    const random = randomOf(seed);
    let made = 0;
    let deepest = 0;
    for (let tree = 0; tree < 10_000; tree += 1) {
      const isPerson = random() < 0.4;
      const root = tokenOf({
        clientId: cli(7),
        ...(isPerson ? { principal: { kind: 'person', id: 'per_1' }, from: ['grant'] } : {}),
        mayAct: random() < 0.2 ? cli(Math.floor(random() * 7)) : null,
        scopes: tenantScopes.filter(() => random() < 0.8),
        isBound: random() < 0.1,
      });
      const tokens = [root];
      for (let step = 0; step < 8; step += 1) {
        const subject = tokens[Math.floor(random() * tokens.length)] ?? root;
        const next = exchange(random, subject);
        if (next === null) continue;
        made += 1;
        deepest = Math.max(deepest, next.identity.actors.length);
        tokens.push(next);
      }
    }
    assert.ok(made > 10_000, `${made} delegations with seed ${seed}`);
    assert.equal(deepest, limits.delegationActorsMax);
  });

  it('refuses one actor more than the maximum, and an actor that is in the delegation chain already', () => {
    let subject = tokenOf({ clientId: cli(0) });
    for (let depth = 1; depth <= limits.delegationActorsMax; depth += 1) {
      const clientId = cli(depth);
      subject = tokenOf({ ...given(delegate(subject, tokenOf({ clientId }), requestedBy(clientId))), clientId });
      for (const known of Array.from({ length: depth + 1 }, (_, at) => cli(at)))
        assert.equal(delegate(subject, tokenOf({ clientId: known }), requestedBy(known)), 'invalid_grant', known);
    }
    assert.equal(delegate(subject, tokenOf({ clientId: cli(5) }), requestedBy(cli(5))), 'invalid_grant');
  });

  it('accepts only the actor that may_act names, and no actor on the token of an operator', () => {
    const named = tokenOf({ clientId: cli(1), mayAct: cli(2) });
    assert.equal(delegate(named, tokenOf({ clientId: cli(3) }), requestedBy(cli(3))), 'invalid_grant');
    const once = given(delegate(named, tokenOf({ clientId: cli(2) }), requestedBy(cli(2))));
    const next = tokenOf({ ...once, clientId: cli(2) });
    assert.equal(delegate(next, tokenOf({ clientId: cli(3) }), requestedBy(cli(3))), 'invalid_grant', 'and no further');
    const operator = tokenOf({ clientId: cli(1), principal: { kind: 'operator', id: cli(1) } });
    const plain = tokenOf({ clientId: cli(2) });
    assert.equal(delegate(operator, plain, requestedBy(cli(2))), 'invalid_grant');
    assert.equal(delegate(plain, operator, requestedBy(cli(1))), 'invalid_grant');
  });

  it('accepts a sender-bound token only from the actor that may_act names', () => {
    const bound = tokenOf({ clientId: cli(1), isBound: true });
    assert.equal(delegate(bound, tokenOf({ clientId: cli(2) }), requestedBy(cli(2))), 'invalid_grant');
    const named = tokenOf({ clientId: cli(1), isBound: true, mayAct: cli(2) });
    assert.equal(given(delegate(named, tokenOf({ clientId: cli(2) }), requestedBy(cli(2)))).actors.length, 1);
  });

  it('refuses an actor token of another client, and one that is itself delegated', () => {
    const subject = tokenOf({ clientId: cli(1) });
    assert.equal(delegate(subject, tokenOf({ clientId: cli(2) }), requestedBy(cli(3))), 'invalid_grant');
    const acting = tokenOf({ clientId: cli(2), actors: [{ kind: 'oauth-client', id: cli(2) }] });
    assert.equal(delegate(subject, acting, requestedBy(cli(2))), 'invalid_grant');
    assert.equal(
      delegate(subject, tokenOf({ clientId: cli(2) }), requestedBy(cli(2), { scopes: [] })),
      'invalid_scope',
    );
    const elsewhere = { tenantSlug: 'other', agentName: null };
    const narrow = tokenOf({ clientId: cli(1), boundTo: resources[2] ?? null });
    for (const resource of [elsewhere, null, resources[1] ?? null, resources[3] ?? null])
      assert.equal(
        delegate(narrow, tokenOf({ clientId: cli(2) }), requestedBy(cli(2), { resource })),
        'invalid_target',
      );
  });
});
