import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { ContextPlaces } from '../../../modules/routing/index.ts';
import type { DatabasePool } from '../pool.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findContextPlace } from './find-context-place.ts';

/** Where contexts are, as the tasks' own rows tell. */
export function createContextPlaces(pool: DatabasePool): ContextPlaces {
  return {
    async findPlace(context) {
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(context.tenantId), findContextPlace(context)));
      return rows[0] === undefined ? null : idOf('ins', rows[0].instance_id);
    },
  };
}
