import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError } from 'pg';

const attemptsMax = 20;
const pauseMs = 25;

/**
 * Runs `work` again when another session changed the same role at the same moment. Roles belong to the whole server
 * while migration locks belong to one database, so migrating two databases of one server can meet like this.
 * `work` must leave nothing behind when it fails.
 */
export async function retryCatalogueRace<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attemptsMax || !isCatalogueRace(error)) throw error;
      await pause(pauseMs * Math.min(attempt, 8));
    }
  }
}

function isCatalogueRace(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  if (error.code === 'XX000') return /^tuple concurrently (updated|deleted)$/.test(error.message);
  const isRoleTable = error.table === 'pg_authid' || error.table === 'pg_auth_members';
  return error.code === '42710' || (error.code === '23505' && isRoleTable);
}
