import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { checkpointDirOf } from './test-environment.ts';
import { administer, adminUrlVariable, startTestPostgres, templateDatabase, withDatabase } from './test-postgres.ts';

export interface TestDatabase extends AsyncDisposable {
  /** A superuser's connection to a clone of the migrated template. */
  readonly adminUrl: string;
  /** Moves the database's clock, from which every lease and expiry is counted. */
  setClockOffset(offsetMs: number): Promise<void>;
}

/** A database of the test file's own, cloned from the migrated template in milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const announced = process.env[adminUrlVariable];
  const own = announced === undefined ? await startTestPostgres() : undefined;
  const serverUrl = own?.adminUrl ?? announced ?? '';
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(serverUrl, `create database ${name} template ${templateDatabase}`);
  const adminUrl = withDatabase(serverUrl, name);
  return {
    adminUrl,
    setClockOffset: (offsetMs) => administer(adminUrl, shiftedClock(offsetMs)),
    async [Symbol.asyncDispose]() {
      await administer(serverUrl, `drop database ${name} with (force)`);
      await own?.[Symbol.asyncDispose]();
      await rm(checkpointDirOf(adminUrl), { recursive: true, force: true });
    },
  };
}

/** Only a test database has this function: the one that production has can not be moved. */
function shiftedClock(offsetMs: number): string {
  return `create or replace function colloquy.now_utc() returns timestamptz language sql stable parallel safe
    return transaction_timestamp() + interval '${String(Math.trunc(offsetMs))} milliseconds'`;
}
