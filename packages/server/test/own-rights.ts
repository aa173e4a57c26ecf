import type { Caller } from '../src/kernel/caller.ts';

/** Rights of somebody who acts itself, at the whole platform, on nothing that could fall. */
export const ownRights: Pick<Caller, 'actors' | 'boundTo' | 'standing'> = {
  actors: [],
  boundTo: null,
  standing: { tenantId: 'tnt_1', revocable: [], parties: [], keyId: null },
};
