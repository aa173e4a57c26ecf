import type { Statement } from '../statement.ts';
import type { PlaceRow } from './claim-probes.ts';

/** Instances whose lease has ended and that nobody has judged since, of whatever tenant, the longest ended first. */
export function findLapsedLeases(limit: number): Statement<PlaceRow> {
  return {
    name: 'find-lapsed-leases',
    text: `
      select tenant_id, instance_id from colloquy.instance_leases
      where not is_lapsed and lease_until <= colloquy.now_utc() order by lease_until limit $1`,
    values: [limit],
  };
}
