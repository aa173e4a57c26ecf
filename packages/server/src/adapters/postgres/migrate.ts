import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { hasSqlState } from './database-errors.ts';
import { applyMigration, migrationFailure } from './migrate/apply-migration.ts';
import { retryCatalogueRace } from './migrate/catalogue-race.ts';
import { MigrationError } from './migrate/migration-error.ts';
import { readMigrationFiles } from './migrate/migration-files.ts';
import type { MigrationFile } from './migrate/migration-files.ts';
import { pendingMigrations } from './migrate/pending-migrations.ts';
import type { AppliedMigration } from './migrate/pending-migrations.ts';
import { scramVerifier } from './migrate/scram-verifier.ts';
import { isServerSupported, readServerVersion, serverMajorMin } from './server-requirements.ts';

/** The table of migrations that were applied to this database. */
async function createMigrationsTable(client: Client): Promise<void> {
  await client.query(`
    create table if not exists public.schema_migrations (
      name       text primary key,
      checksum   text not null,
      applied_at timestamptz not null default now()
    )`);
}

async function listAppliedMigrations(client: Client): Promise<readonly AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    'select name, checksum from public.schema_migrations order by name',
  );
  return rows;
}

/** The durability settings that are off: with any of them, a crash of the machine may lose acknowledged rows. */
async function listUnsafeSettings(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select name from pg_settings
    where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
    order by name`);
  return rows.map(({ name }) => name);
}

/** Makes this session the only one that migrates this database, until it ends. Waits as long as `lock_timeout` allows. */
export async function lockMigrations(client: Client): Promise<void> {
  await client.query("select pg_advisory_lock(hashtextextended('colloquy.schema_migrations', 0))");
}

/** How long statements of this session wait for a lock from now on. */
async function setLockTimeout(client: Client, lockTimeoutMs: number): Promise<void> {
  await client.query("select set_config('lock_timeout', $1, false)", [String(lockTimeoutMs)]);
}

interface LoginRole {
  readonly login: string;
  /** As `scramVerifier` makes it. */
  readonly verifier: string;
  /** Roles that a session of this login may take on. */
  readonly memberOf: readonly string[];
}

/** Creates or corrects a login that can do nothing by itself: it inherits no right of the roles that it may take on. */
async function setLoginRole(client: Client, { login, verifier, memberOf }: LoginRole): Promise<void> {
  const name = escapeIdentifier(login);
  const attributes = 'login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls';
  const grants = memberOf.map((role) => `grant ${escapeIdentifier(role)} to ${name};`).join('\n');
  await client.query(`
    do ${escapeLiteral(`
      begin
        if not exists (select from pg_roles where rolname = ${escapeLiteral(login)}) then
          create role ${name};
        end if;
        alter role ${name} with ${attributes} password ${escapeLiteral(verifier)};
        ${grants}
      end`)}`);
}

export { MigrationError } from './migrate/migration-error.ts';

export interface MigrateOptions {
  /** A login that owns the database and may create roles. */
  readonly adminUrl: string;
  /** Where `0001-….sql` and its successors lie. */
  readonly directory: string;
  /** Bound of the wait for another process that migrates the same database. */
  readonly lockWaitMs?: number;
  /** Accepts a server that may lose committed rows in a crash. Only for databases that are thrown away. */
  readonly allowUnsafe?: boolean;
}

export interface MigrateResult {
  /** Names of the files that this call applied, in order. */
  readonly applied: readonly string[];
}

export interface RuntimeLogin {
  readonly adminUrl: string;
  readonly login: string;
  readonly password: string;
  /** Roles that the login may take on with `role=`; it has no right without. */
  readonly memberOf: readonly string[];
}

const lockWaitMsDefault = 60_000;
/** A migration that waits longer for a table would block every request behind it. */
const statementLockWaitMs = 10_000;
const connectMs = 10_000;

/** Brings the schema up to date: each missing file in its own transaction, one migrating process at a time. Throws `MigrationError`. */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const files = await readMigrationFiles(options.directory);
  return withClient(options.adminUrl, async (client) => {
    await assertSupported(client);
    if (options.allowUnsafe !== true) await assertDurable(client);
    await lock(client, options.lockWaitMs ?? lockWaitMsDefault);
    await createMigrationsTable(client);
    const pending = pendingMigrations(files, await listAppliedMigrations(client));
    for (const file of pending) await apply(client, file);
    return { applied: pending.map(({ name }) => name) };
  });
}

/** Creates the login that the platform uses at run time, or corrects its password, attributes and memberships. */
export async function ensureRuntimeLogin({ adminUrl, login, password, memberOf }: RuntimeLogin): Promise<void> {
  const verifier = await scramVerifier(password);
  await withClient(adminUrl, (client) => retryCatalogueRace(() => setLoginRole(client, { login, verifier, memberOf })));
}

async function withClient<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({
    connectionString: url,
    application_name: 'colloquy-migrate',
    connectionTimeoutMillis: connectMs,
  });
  // A broken connection also fails the query in hand, which is where it is reported.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

async function assertSupported(client: Client): Promise<void> {
  const version = await readServerVersion(client);
  if (isServerSupported(version)) return;
  throw new MigrationError(
    'server-too-old',
    `The database server is PostgreSQL ${version}; Colloquy needs PostgreSQL ${serverMajorMin} or newer. Upgrade the server, or unset DATABASE_URL to use the PostgreSQL that comes with Colloquy.`,
  );
}

async function assertDurable(client: Client): Promise<void> {
  const unsafe = await listUnsafeSettings(client);
  if (unsafe.length === 0) return;
  throw new MigrationError(
    'unsafe-server',
    `The database server has ${unsafe.join(', ')} switched off, so a crash may lose what was acknowledged. Switch it on.`,
  );
}

async function lock(client: Client, lockWaitMs: number): Promise<void> {
  await setLockTimeout(client, lockWaitMs);
  try {
    await lockMigrations(client);
  } catch (error) {
    if (!hasSqlState(error, '55P03')) throw error;
    throw new MigrationError(
      'lock-timeout',
      `Another process has been migrating this database for ${lockWaitMs} ms. Wait for it or end it, then start again.`,
      error,
    );
  }
  await setLockTimeout(client, statementLockWaitMs);
}

async function apply(client: Client, file: MigrationFile): Promise<void> {
  try {
    await retryCatalogueRace(() => applyMigration(client, file));
  } catch (error) {
    throw migrationFailure(file, error);
  }
}
