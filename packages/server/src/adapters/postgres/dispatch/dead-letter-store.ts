import { uuidOf } from '../../../kernel/ids.ts';
import type { DeadLetterStore } from '../../../modules/tasks/index.ts';
import type { DatabasePool } from '../pool.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { deadLetterOf } from './dead-letter-columns.ts';
import { findDeadLetter } from './find-dead-letter.ts';
import { listDeadLetters } from './list-dead-letters.ts';

/** Dead-lettered tasks as the administrators of their tenant see them, over a pool of the application's role. */
export function createDeadLetterStore(pool: DatabasePool): DeadLetterStore {
  return {
    async list(tenantId, query) {
      const statement = listDeadLetters(tenantId, query);
      return (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows.map(deadLetterOf);
    },
    async find(tenantId, taskId) {
      const statement = findDeadLetter(tenantId, taskId);
      const [row] = (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
      if (row === undefined) return null;
      return { ...deadLetterOf(row), laterMessages: row.turns, isSenderSuspended: row.is_sender_stopped };
    },
  };
}
