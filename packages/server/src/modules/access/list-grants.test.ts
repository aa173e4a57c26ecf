/** Guarantee: a caller that may grant roles at one agent sees no other grant, not even in a cursor, and reaches every grant that it may remove (T05). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { everything } from '../../kernel/access-rights.ts';
import type { AccessRights } from '../../kernel/access-rights.ts';
import type { Caller } from '../../kernel/caller.ts';
import type { GrantId } from '../../kernel/ids.ts';
import type { Grant } from './grant.ts';
import { listGrants } from './list-grants.ts';

const tenantId = `tnt_${'0'.repeat(32)}` as const;
const idAt = (at: number) => `grt_${String(at).padStart(32, '0')}` as const;
/** One skill of `own` and all of `mine` are the caller's. */
const places: readonly (readonly [string | null, string | null])[] = [
  [null, null],
  ['other', null],
  ['own', null],
  ['mine', null],
  ['own', 'theirs'],
  ['other', 'mine'],
  ['own', 'mine'],
  ['other', null],
  ['mine', 'any'],
  ['own', null],
];
const grants = places.map(([agentName, skillId], at): Grant => ({
  grantId: idAt(at),
  principalId: 'cli_2',
  role: 'caller',
  agentName,
  skillId,
  grantedBy: 'cli_1',
  createdAt: new Date(0),
}));

function callerWith(access: AccessRights): Caller {
  return {
    principal: { kind: 'oauth-client', id: 'cli_1' },
    actors: [],
    tenant: { id: tenantId, slug: 'acme' },
    scopes: new Set(['grants:write']),
    access,
    boundTo: null,
    status: { tenantId, revocable: [], parties: [], keyId: null },
    requestId: `req_${'0'.repeat(32)}` as const,
    expiresAtMs: Infinity,
    signal: new AbortController().signal,
  };
}

const list = listGrants({
  grants: {
    list: async (_tenantId, { after, agentNames, limit }) =>
      grants
        .filter(({ agentName }) => agentNames === null || (agentName !== null && agentNames.includes(agentName)))
        .filter(({ grantId }) => after === null || grantId > after)
        .slice(0, limit),
  },
});

describe('a list of grants', () => {
  const scopes = new Set(['grants:write']);
  const limited: AccessRights = {
    tenant: new Set(),
    agents: new Map([
      ['mine', { scopes, skills: new Map() }],
      ['own', { scopes: new Set(), skills: new Map([['mine', scopes]]) }],
    ]),
  };

  it('has the grants that the caller may remove, page by page, and its cursors name nothing else', async () => {
    const shown: GrantId[] = [];
    const cursors: (string | null)[] = [];
    let after: string | null = null;
    do {
      const page = await list(callerWith(limited), { after, limit: 1, principalId: null });
      shown.push(...page.items.map(({ grantId }) => grantId));
      cursors.push(page.next);
      after = page.next;
    } while (after !== null);
    assert.deepEqual(shown, [idAt(3), idAt(6), idAt(8)]);
    assert.deepEqual(cursors, [idAt(3), idAt(6), null]);
  });

  it('is empty for a caller that may remove none, as in a tenant without grants', async () => {
    const none: AccessRights = { tenant: new Set(), agents: new Map() };
    const wanted = { after: null, limit: 1, principalId: null };
    assert.deepEqual(await list(callerWith(none), wanted), { items: [], next: null });
    const all = await list(callerWith(everything), { ...wanted, limit: grants.length });
    assert.deepEqual([all.items.length, all.next], [grants.length, null]);
  });
});
