import { idOf, uuidOf } from '../../../kernel/ids.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { SecretKeyState, SecretRotation, SecretRotationStore } from '../../../modules/secrets/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { whenAvailable } from '../when-available.ts';
import { claimRotation } from './claim-rotation.ts';
import { insertRotation } from './insert-rotation.ts';
import { makeKeyEncryptionKeyCurrent } from './make-key-encryption-key-current.ts';
import { noteRotation } from './note-rotation.ts';
import { readNewestRotation } from './read-newest-rotation.ts';
import type { RotationRow } from './read-newest-rotation.ts';
import { retireKeyEncryptionKeys } from './retire-key-encryption-keys.ts';

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
