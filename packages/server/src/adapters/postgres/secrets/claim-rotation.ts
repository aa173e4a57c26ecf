import { limits } from '../../../kernel/limits.ts';
import type { Statement } from '../statement.ts';

export interface ClaimedRotationRow {
  readonly rotation_id: string;
  readonly asked_at: Date;
  readonly renews_data_keys: boolean;
  readonly stage: 'keys' | 'secrets';
  readonly after_slug: string;
}

/** The open rotation, if nobody carries it on now and every process knows the keys that its stage needs. */
export function claimRotation(): Statement<ClaimedRotationRow> {
  return { name: 'claim-secret-rotation', text, values: [limits.rotationClaimMs, limits.rotationSettleMs] };
}

const text = `
update colloquy.secret_rotations r set claimed_until = colloquy.now_utc() + $1::float8 * interval '1 millisecond'
where r.finished_at is null and (r.claimed_until is null or r.claimed_until < colloquy.now_utc())
  and (r.stage = 'keys' or r.stage_began_at < colloquy.now_utc() - $2::float8 * interval '1 millisecond')
returning r.rotation_id, r.asked_at, r.renews_data_keys, r.stage, r.after_slug`;
