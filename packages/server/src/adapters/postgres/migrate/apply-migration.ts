import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import { MigrationError } from './migration-error.ts';
import type { MigrationFile } from './migration-files.ts';
import type { AppliedMigration } from './pending-migrations.ts';

async function recordMigration(client: Client, { name, checksum }: AppliedMigration): Promise<void> {
  await client.query('insert into public.schema_migrations (name, checksum) values ($1, $2)', [name, checksum]);
}

/** Runs one file and records it, in one transaction. Rejects with pg's error, and then nothing of the file is applied. */
export async function applyMigration(client: Client, file: MigrationFile): Promise<void> {
  await client.query('begin');
  try {
    await client.query(file.sql);
    await recordMigration(client, file);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** The failure of a file with the file's name, the line, and the message of PostgreSQL. */
export function migrationFailure(file: MigrationFile, error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const line =
    error.position === undefined ? '' : ` at line ${file.sql.slice(0, Number(error.position)).split('\n').length}`;
  return new MigrationError(
    'statement-failed',
    `${file.name} failed${line}: ${error.message}. Nothing of it is applied; mend the cause and start again.`,
    error,
  );
}
