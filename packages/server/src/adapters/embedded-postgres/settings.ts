import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The environment of the server's programs: no secret of the platform, and no PG* variable of the operator's shell. */
export const serverEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Longer socket paths do not fit into the operating system's address; the server then listens on TCP only. */
const socketPathBytesMax = 100;

export function isSocketUsable(socketDirectory: string): boolean {
  return Buffer.byteLength(`${socketDirectory}/.s.PGSQL.65535`) < socketPathBytesMax;
}

export interface ServerSettings {
  readonly port: number;
  readonly socketDirectory: string;
  readonly logDirectory: string;
  /** The resources of this machine, or of the container of this process. */
  readonly memoryBytes: number;
}

/** The database shares its machine with the platform: it may keep a sixteenth of the memory in use, within these bounds. Memory that it does not need stays unused. */
const sharedMegabytesMin = 128;
const sharedMegabytesMax = 2_048;

/** Largest size of one log file; at this size the server begins the next. */
const logFileKilobytesMax = 4 * 1024;

/**
 * The whole configuration file: the platform owns it and writes it before each start. The log shows no statement and no value,
 * because both are tenants' data.
 */
export function serverConfiguration({ port, socketDirectory, logDirectory, memoryBytes }: ServerSettings): string {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: isSocketUsable(socketDirectory) ? socketDirectory : '',
    unix_socket_permissions: '0700',
    password_encryption: 'scram-sha-256',
    ...capacity,
    ...memoryOf(memoryBytes),
    ...durability,
    ...vacuuming,
    ...logging,
    log_directory: logDirectory,
    lc_messages: 'C',
    timezone: 'UTC',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${quote(String(value))}`);
  return `# Written by Colloquy before each start. Put changes of your own in postgresql.auto.conf (ALTER SYSTEM).\n${lines.join('\n')}\n`;
}

function memoryOf(bytes: number) {
  const share = Math.floor(bytes / 16 / 2 ** 20);
  const megabytes = Math.min(Math.max(share, sharedMegabytesMin), sharedMegabytesMax);
  // Includes the operating system's cache of the same files.
  return { shared_buffers: `${String(megabytes)}MB`, effective_cache_size: `${String(4 * megabytes)}MB` };
}

/** The port of the last start; undefined before the first. */
export async function readLastPort(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postgresql.conf'), 'utf8').catch(() => '');
  const port = /^port = '(\d+)'$/m.exec(text)?.[1];
  return port === undefined ? undefined : Number(port);
}

export const accessRules = `# Written by Colloquy before each start.
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
`;

const capacity = {
  max_connections: 64,
  // The statements are short and touch few rows: compiling them or spreading them over processes costs more than it gains.
  jit: 'off',
  max_parallel_workers_per_gather: 0,
  max_worker_processes: 4,
  max_logical_replication_workers: 0,
  io_method: 'sync',
  random_page_cost: 1.1,
};

const durability = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_wal_size: '1GB',
  min_wal_size: '128MB',
  // Bounds the log that a restart after a crash has to replay.
  checkpoint_timeout: '5min',
};

/** The hottest tables are small and updated all the time; the defaults let them grow to many times their live rows. */
const vacuuming = {
  autovacuum: 'on',
  autovacuum_naptime: '10s',
  autovacuum_vacuum_scale_factor: 0.05,
  autovacuum_analyze_scale_factor: 0.05,
  autovacuum_vacuum_insert_scale_factor: 0.1,
};

const logging = {
  logging_collector: 'on',
  log_filename: 'postgresql-%Y%m%d-%H%M%S.log',
  log_file_mode: '0600',
  log_rotation_size: `${logFileKilobytesMax}kB`,
  log_rotation_age: '1d',
  log_timezone: 'UTC',
  // The message of a failed statement quotes its values; the client gets it, the file does not.
  log_min_messages: 'log',
  log_checkpoints: 'off',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0,
  log_lock_waits: 'off',
};

function quote(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
