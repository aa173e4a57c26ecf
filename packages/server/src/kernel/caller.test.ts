/** Guarantee: a caller that is freed from the resource of its token keeps everything else, its end of waiting too. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { everything } from './access-rights.ts';
import { withoutBoundResource } from './caller.ts';
import type { BoundResource, Caller } from './caller.ts';

const leaving = new AbortController();

class RequestCaller implements Caller {
  readonly principal = { kind: 'oauth-client', id: 'cli_1' } as const;
  readonly actors = [];
  readonly tenant = { id: `tnt_${'0'.repeat(32)}`, slug: 'acme' } as const;
  readonly scopes = new Set<string>();
  readonly status = { tenantId: this.tenant.id, revocable: [], parties: [], keyId: null };
  readonly access = everything;
  readonly requestId = `req_${'0'.repeat(32)}` as const;
  readonly expiresAtMs = 1;
  readonly boundTo: BoundResource | null;

  constructor(boundTo: BoundResource | null) {
    this.boundTo = boundTo;
  }

  get signal(): AbortSignal {
    return leaving.signal;
  }
}

it('a caller without its bound resource', () => {
  const bound = new RequestCaller({ tenantSlug: 'acme', agentName: 'router' });
  const freed = withoutBoundResource(bound);
  assert.equal(freed.signal, leaving.signal);
  const { signal: _signal, ...kept } = freed;
  assert.deepEqual(kept, { ...Object.fromEntries(Object.entries(bound)), boundTo: null });
  const free = new RequestCaller(null);
  assert.equal(withoutBoundResource(free), free);
});
