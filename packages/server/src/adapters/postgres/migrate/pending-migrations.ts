import { MigrationError } from './migration-error.ts';
import type { MigrationFile } from './migration-files.ts';

export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
}

/** The files that this database still needs. Throws when its history is not a beginning of the files'. */
export function pendingMigrations(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): readonly MigrationFile[] {
  const filesByName = new Map(files.map((file) => [file.name, file]));
  for (const { name, checksum } of applied) assertUnchanged(name, checksum, filesByName.get(name));
  const appliedNames = new Set(applied.map(({ name }) => name));
  const pending = files.filter(({ name }) => !appliedNames.has(name));
  const newest =
    applied
      .map(({ name }) => name)
      .sort()
      .at(-1) ?? '';
  const late = pending.find(({ name }) => name < newest);
  if (late !== undefined) {
    throw new MigrationError(
      'out-of-order',
      `${late.name} is not applied although the later ${newest} is. Give it the next free number.`,
    );
  }
  return pending;
}

function assertUnchanged(name: string, checksum: string, file: MigrationFile | undefined): void {
  if (file === undefined) {
    throw new MigrationError(
      'database-newer',
      `The database has the migration ${name}, which this version does not know: it was made by a newer version. Run that version.`,
    );
  }
  if (file.checksum !== checksum) {
    throw new MigrationError(
      'checksum-changed',
      `${name} differs from what was applied to this database. Restore the file and put the change into a new migration.`,
    );
  }
}
