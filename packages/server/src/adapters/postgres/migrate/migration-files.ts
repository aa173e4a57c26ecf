import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MigrationError } from './migration-error.ts';

export interface MigrationFile {
  /** File name, for example `0001-tenancy.sql`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text, in hex. */
  readonly checksum: string;
}

const migrationName = /^\d{4}-[a-z0-9-]+\.sql$/;

/** The numbered files of `directory` in order; templates and dumps beside them have no number and are left out. */
export async function readMigrationFiles(directory: string): Promise<readonly MigrationFile[]> {
  const names = await listNames(directory);
  const twin = names.find((name, index) => names[index - 1]?.slice(0, 4) === name.slice(0, 4));
  if (twin !== undefined) {
    throw new MigrationError('out-of-order', `Two migrations have the number of ${twin}. Renumber the newer one.`);
  }
  return Promise.all(names.map((name) => readMigration(directory, name)));
}

async function listNames(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory);
    return entries.filter((name) => migrationName.test(name)).sort();
  } catch (error) {
    throw new MigrationError(
      'directory-unreadable',
      `The migrations in ${directory} cannot be read. Reinstall.`,
      error,
    );
  }
}

async function readMigration(directory: string, name: string): Promise<MigrationFile> {
  const sql = await readFile(join(directory, name), 'utf8');
  // Line ends depend on how the files were checked out, not on what they do.
  const checksum = createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
  return { name, sql, checksum };
}
