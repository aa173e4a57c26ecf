import { PlatformError } from '../../../kernel/errors.ts';
import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { KeyId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type {
  ClaimedRotation,
  KnownKeyEncryptionKey,
  NewRotation,
  RotationProgress,
  SecretKeyState,
  SecretRotation,
  SecretRotationStore,
} from '../../../modules/secrets/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';

/** Rotations in PostgreSQL, over a pool of the application's role. */
export function createSecretRotationStore(pool: DatabasePool): SecretRotationStore {
  const platformWide = { tenantIds: [] };
  return {
    async read() {
      const [{ rows }] = await untilKnown(() => inTransaction(pool, platformWide, [readNewestRotation()]));
      return stateOf(rows[0]);
    },
    async ask(rotation, kek, entry) {
      const statements = [
        insertRotation(rotation, entry),
        retireKeyEncryptionKeys(kek.kekId, rotation.rotationId),
        makeKeyEncryptionKeyCurrent(kek, rotation.rotationId),
      ] as const;
      const scope = { tenantIds: [uuidOf(entry.tenantId)] };
      const [{ rows }] = await whenAvailable(inTransaction(pool, scope, statements));
      return rows.length === 1;
    },
    async claim() {
      const [{ rows }] = await whenAvailable(inTransaction(pool, platformWide, [claimRotation()]));
      const [row] = rows;
      if (row === undefined) return null;
      const {
        rotation_id: id,
        asked_at: askedAt,
        renews_data_keys: renewsDataKeys,
        stage,
        after_slug: afterSlug,
      } = row;
      return { rotationId: idOf('key', id), askedAt, renewsDataKeys, stage, afterSlug };
    },
    async note(rotation, progress) {
      await untilKnown(() => inTransaction(pool, platformWide, [noteRotation(rotation, progress)]));
    },
  };
}

export const secretRotationPorts = (pool: DatabasePool) => ({ rotations: createSecretRotationStore(pool) });

function stateOf(row: RotationRow | undefined): SecretKeyState {
  if (row === undefined || row.kek_id === null) throw new PlatformError('platform.unavailable');
  return { kekId: row.kek_id, rotation: row.rotation_id === null ? null : rotationOf(row.rotation_id, row) };
}

function rotationOf(id: string, row: RotationRow): SecretRotation {
  return {
    rotationId: idOf('key', id),
    askedBy: row.asked_by,
    askedAt: row.asked_at,
    renewsDataKeys: row.renews_data_keys,
    stage: row.finished_at === null ? row.stage : 'finished',
    resealed: Number(row.resealed),
    unreadable: Number(row.unreadable),
    finishedAt: row.finished_at,
  };
}

interface ClaimedRotationRow {
  readonly rotation_id: string;
  readonly asked_at: Date;
  readonly renews_data_keys: boolean;
  readonly stage: 'keys' | 'secrets';
  readonly after_slug: string;
}

/** Claims the open rotation, if no process works on it and every process knows the keys that its stage needs. */
function claimRotation(): Statement<ClaimedRotationRow> {
  return {
    name: 'claim-secret-rotation',
    text: claimRotationSql,
    values: [limits.rotationClaimMs, limits.rotationSettleMs],
  };
}

const claimRotationSql = `
update colloquy.secret_rotations r set claimed_until = colloquy.now_utc() + $1::float8 * interval '1 millisecond'
where r.finished_at is null and (r.claimed_until is null or r.claimed_until < colloquy.now_utc())
  and (r.stage = 'keys' or r.stage_began_at < colloquy.now_utc() - $2::float8 * interval '1 millisecond')
returning r.rotation_id, r.asked_at, r.renews_data_keys, r.stage, r.after_slug`;

const insertRotationSql = `
  with asked as (
    insert into colloquy.secret_rotations (rotation_id, asked_by, renews_data_keys)
    values ($1, $2, $3) on conflict do nothing
    returning rotation_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $4, $5, $6, $7, $8, $9, $10, $11 from asked
  )
  select rotation_id from asked`;

/** A rotation with its audit entry; no row while another one is open. */
function insertRotation(
  { rotationId, askedBy, renewsDataKeys }: NewRotation,
  entry: NewAuditEntry,
): Statement<{ readonly rotation_id: string }> {
  return {
    name: 'insert-secret-rotation',
    text: insertRotationSql,
    values: [uuidOf(rotationId), askedBy, renewsDataKeys, uuidOf(entry.tenantId), ...auditEntryValues(entry)],
  };
}

/** Makes a key-encryption key current, also one that was before, if the rotation was taken up in this transaction. */
function makeKeyEncryptionKeyCurrent({ kekId, checkWrapped }: KnownKeyEncryptionKey, rotationId: KeyId): Statement {
  return {
    name: 'make-key-encryption-key-current',
    text: `insert into colloquy.key_encryption_keys (kek_id, check_wrapped)
      select $1, $2 where exists (select from colloquy.secret_rotations where rotation_id = $3)
      on conflict (kek_id) do update set retired_at = null`,
    values: [kekId, checkWrapped, uuidOf(rotationId)],
  };
}

/** Notes how far a rotation is and gives the claim back; without effect when another has taken it further meanwhile. */
function noteRotation(rotation: ClaimedRotation, progress: RotationProgress): Statement {
  const { rotationId, stage, afterSlug } = rotation;
  return {
    name: 'note-secret-rotation',
    text: noteRotationSql,
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

const noteRotationSql = `
update colloquy.secret_rotations set claimed_until = null,
  resealed = resealed + $6, unreadable = unreadable + $7,
  after_slug = case when $4::boolean then '' else $5 end,
  stage = case when $4 then 'secrets' else stage end,
  stage_began_at = case when $4 then colloquy.now_utc() else stage_began_at end,
  finished_at = case when $4 and stage = 'secrets' then colloquy.now_utc() end
where rotation_id = $1 and stage = $2 and after_slug = $3 and finished_at is null`;

interface RotationRow {
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
function readNewestRotation(): Statement<RotationRow> {
  return { name: 'read-newest-rotation', text: readNewestRotationSql, values: [] };
}

const readNewestRotationSql = `
select k.kek_id, r.rotation_id, r.asked_by, r.asked_at, r.renews_data_keys, r.stage, r.resealed, r.unreadable, r.finished_at
from (select) one
left join colloquy.key_encryption_keys k on k.retired_at is null
left join lateral (
  select * from colloquy.secret_rotations order by finished_at is not null, asked_at desc limit 1
) r on true`;

/** Every key-encryption key but this one is no longer current, if the rotation was taken up in this transaction. */
function retireKeyEncryptionKeys(kekId: string, rotationId: KeyId): Statement {
  return {
    name: 'retire-key-encryption-keys',
    text: `update colloquy.key_encryption_keys set retired_at = colloquy.now_utc()
      where retired_at is null and kek_id <> $1
        and exists (select from colloquy.secret_rotations where rotation_id = $2)`,
    values: [kekId, uuidOf(rotationId)],
  };
}
