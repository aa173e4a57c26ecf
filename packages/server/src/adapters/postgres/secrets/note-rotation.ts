import { uuidOf } from '../../../kernel/ids.ts';
import type { ClaimedRotation, RotationProgress } from '../../../modules/secrets/index.ts';
import type { Statement } from '../statement.ts';

/** Notes how far a rotation is and gives the claim back; without effect when another has taken it further meanwhile. */
export function noteRotation(rotation: ClaimedRotation, progress: RotationProgress): Statement {
  const { rotationId, stage, afterSlug } = rotation;
  return {
    name: 'note-secret-rotation',
    text,
    values: [
      uuidOf(rotationId),
      stage,
      afterSlug,
      progress.isStageOver,
      progress.afterSlug,
      progress.resealed,
      progress.unreadable,
    ],
  };
}

const text = `
update colloquy.secret_rotations set claimed_until = null,
  resealed = resealed + $6, unreadable = unreadable + $7,
  after_slug = case when $4::boolean then '' else $5 end,
  stage = case when $4 then 'secrets' else stage end,
  stage_began_at = case when $4 then colloquy.now_utc() else stage_began_at end,
  finished_at = case when $4 and stage = 'secrets' then colloquy.now_utc() end
where rotation_id = $1 and stage = $2 and after_slug = $3 and finished_at is null`;
