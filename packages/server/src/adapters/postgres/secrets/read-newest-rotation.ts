import type { Statement } from '../statement.ts';

export interface RotationRow {
  readonly kek_id: string | null;
  readonly rotation_id: string | null;
  readonly asked_by: string;
  readonly asked_at: Date;
  readonly renews_data_keys: boolean;
  readonly stage: 'keys' | 'secrets';
  readonly resealed: bigint;
  readonly unreadable: bigint;
  readonly finished_at: Date | null;
}

/** The current key-encryption key and the newest rotation. */
export function readNewestRotation(): Statement<RotationRow> {
  return { name: 'read-newest-rotation', text, values: [] };
}

const text = `
select k.kek_id, r.rotation_id, r.asked_by, r.asked_at, r.renews_data_keys, r.stage, r.resealed, r.unreadable, r.finished_at
from (select) one
left join colloquy.key_encryption_keys k on k.retired_at is null
left join lateral (
  select * from colloquy.secret_rotations order by finished_at is not null, asked_at desc limit 1
) r on true`;
