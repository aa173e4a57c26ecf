/** Guarantee: a caller that may suspend one agent sees no other suspension, not even in a cursor, and reaches every suspension that it may lift (T05). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { everything } from '../../kernel/access-rights.ts';
import type { AccessRights } from '../../kernel/access-rights.ts';
import type { Caller } from '../../kernel/caller.ts';
import { listSuspensions } from './list-suspensions.ts';
import type { Suspension, SuspensionTarget } from './suspension.ts';

const tenantId = `tnt_${'0'.repeat(32)}` as const;
const target = (name: string): SuspensionTarget => ({ kind: 'agent', name });
const suspensions = ['a', 'b', 'c', 'd', 'mine', 'other', 'own'].map((name): Suspension => ({
  ...target(name),
  reason: 'it loops',
  suspendedBy: 'cli_1',
  suspendedAt: new Date(0),
}));

function callerWith(access: AccessRights): Caller {
  return {
    principal: { kind: 'oauth-client', id: 'cli_1' },
    actors: [],
    tenant: { id: tenantId, slug: 'acme' },
    scopes: new Set(['stops:write']),
    access,
    boundTo: null,
    status: { tenantId, revocable: [], parties: [], keyId: null },
    requestId: `req_${'0'.repeat(32)}` as const,
    expiresAtMs: Infinity,
    signal: new AbortController().signal,
  };
}

const list = listSuspensions({
  suspensions: {
    list: async (_tenantId, { after, limit }) =>
      suspensions.filter(({ name }) => after === null || name > after.name).slice(0, limit),
  },
});

describe('a list of suspensions', () => {
  const rights = { scopes: new Set(['stops:write']), skills: new Map() };
  const own = { tenant: new Set<string>(), agents: new Map(['mine', 'own'].map((name) => [name, rights])) };

  it('has the suspensions that the caller may lift, page by page, and its cursors name nothing else', async () => {
    const first = await list(callerWith(own), { after: null, limit: 1 });
    assert.deepEqual([first.items.map(({ name }) => name), first.next], [['mine'], 'agent:mine']);
    const second = await list(callerWith(own), { after: first.next, limit: 1 });
    assert.deepEqual([second.items.map(({ name }) => name), second.next], [['own'], null]);
  });

  it('is empty for a caller that may lift none, as in a tenant without suspensions', async () => {
    const none = { tenant: new Set<string>(), agents: new Map([['elsewhere', rights]]) };
    assert.deepEqual(await list(callerWith(none), { after: null, limit: 1 }), { items: [], next: null });
    assert.equal((await list(callerWith(everything), { after: null, limit: 7 })).items.length, suspensions.length);
  });
});
