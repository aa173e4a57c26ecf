import { everything } from '../src/kernel/access-rights.ts';
import type { Caller } from '../src/kernel/caller.ts';

/** Rights of a principal that acts itself, at the whole platform, through nothing that could be revoked. */
export const ownRights: Pick<Caller, 'access' | 'actors' | 'boundTo' | 'status'> = {
  access: everything,
  actors: [],
  boundTo: null,
  status: { tenantId: 'tnt_1', revocable: [], parties: [], keyId: null },
};
