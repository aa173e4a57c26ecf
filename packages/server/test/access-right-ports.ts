import { createPeopleStore } from '../src/adapters/postgres/people/people-store.ts';
import { createRevocationStore } from '../src/adapters/postgres/access/revocation-store.ts';
import { createRoleStore } from '../src/adapters/postgres/access/role-store.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';

interface RightPorts {
  readonly people: ReturnType<typeof createPeopleStore>;
  readonly revocations: ReturnType<typeof createRevocationStore>;
  readonly roles: ReturnType<typeof createRoleStore>;
}

/** The ports by which a process learns the current rights of a token. */
export function rightPorts(pool: DatabasePool): RightPorts {
  return {
    people: createPeopleStore(pool),
    revocations: createRevocationStore(pool),
    roles: createRoleStore(pool),
  };
}
