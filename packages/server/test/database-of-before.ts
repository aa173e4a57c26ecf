import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/adapters/embedded-postgres/index.ts';
import { migrate } from '../src/adapters/postgres/migrate.ts';
import { temporaryDirectory } from './embedded-postgres-harness.ts';

const migrations = join(import.meta.dirname, '../migrations');

/** A database as it was before one of our migrations. */
export interface DatabaseOfBefore extends AsyncDisposable {
  readonly adminUrl: string;
  /** Applies that migration and all that came after it. */
  upgrade(): Promise<void>;
}

/** Starts a server whose database has every migration in front of `firstNewer`, the name of a file. */
export async function startDatabaseOfBefore(firstNewer: string): Promise<DatabaseOfBefore> {
  await using undo = new AsyncDisposableStack();
  const { path } = undo.use(await temporaryDirectory());
  const server = await startEmbeddedPostgres({ dataDir: join(path, 'data') });
  undo.defer(() => server.stop());
  const { adminUrl } = server;
  const directory = join(path, 'migrations');
  const names = (await readdir(migrations)).filter((name) => /^\d/u.test(name)).sort();
  const newer = names.filter((name) => name >= firstNewer);
  assert.equal(newer[0], firstNewer);
  await mkdir(directory);
  const add = async (name: string): Promise<void> => copyFile(join(migrations, name), join(directory, name));
  for (const name of names.filter((each) => each < firstNewer)) await add(name);
  await migrate({ adminUrl, directory });
  const held = undo.move();
  return {
    adminUrl,
    async upgrade() {
      for (const name of newer) await add(name);
      assert.deepEqual(await migrate({ adminUrl, directory }), { applied: newer });
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
