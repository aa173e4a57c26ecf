import { flushCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { createSystemRandom, systemClock } from '../adapters/clock/system-clock.ts';
import { createLogger } from '../adapters/telemetry/index.ts';
import { ConfigError, configOf } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { readEnv } from '../config/env.ts';
import { secretsOf } from '../config/secrets.ts';
import type { Secrets } from '../config/secrets.ts';
import { PlatformKeyError, SigningKeySourceError } from '../adapters/keys/index.ts';
import { checkServer, isServerSupported, serverMajorMin } from '../adapters/postgres/server-requirements.ts';
import { describeCause } from '../surfaces/http/index.ts';
import { connectionsPerProcess } from './database.ts';
import { causesOf } from './log.ts';
import { initOperator, OtherDataError } from './operator.ts';
import { startPlatform } from './platform.ts';

const exitStatus = { ok: 0, failed: 1, otherData: 3, misconfigured: 78 } as const;

/**
 * Runs the platform until SIGTERM or SIGINT; a second signal ends it at once. With `stopsWithInput` it also stops at the end of its input,
 * which comes when the program that started it is gone. The result is the exit status.
 */
export async function runCommand(stopsWithInput: boolean): Promise<number> {
  const settings = readSettings();
  if (settings === null) return exitStatus.misconfigured;
  const log = createLogger({ level: settings.config.logLevel });
  const stopped = stopsWithInput ? Promise.race([firstSignal(), endOfInput()]) : firstSignal();
  // Timers and idle connections do not keep the process alive. This timer does, while the platform runs and stops.
  const alive = setInterval(() => undefined, 60_000);
  let failedTo = 'start';
  try {
    const platform = await startPlatform({ ...settings, clock: systemClock, random: createSystemRandom(), log });
    const { url, localUrl, opsUrl, grpcAddress, nodeId, hasOperator, otherNodes } = platform;
    const others = otherNodes.map(({ hostName, address }) => address ?? hostName);
    const data = dataFolder(settings);
    const addresses = { url, localUrl, opsUrl, grpcAddress: grpcAddress ?? 'off', hasOperator, otherNodes: others };
    log.info({ ...addresses, nodeId, ...(data === null ? {} : { dataDir: data }) }, 'ready');
    // Node writes the cache of compiled code when a process ends, but not when it is killed. The next start needs it.
    flushCompileCache();
    const reason = await Promise.race([stopped, platform.failed]);
    if (reason instanceof Error) log.fatal({ causes: causesOf(reason) }, 'the embedded database does not run any more');
    else log.info({ reason }, 'stopping');
    failedTo = 'stop in order';
    await platform.stop();
    log.info({}, 'stopped');
    return reason instanceof Error ? exitStatus.failed : exitStatus.ok;
  } catch (error) {
    if (error instanceof PlatformKeyError || error instanceof SigningKeySourceError) {
      process.stderr.write(`${error.message}\n`);
      return exitStatus.misconfigured;
    }
    log.fatal({ causes: causesOf(error) }, `the platform could not ${failedTo}`);
    return exitStatus.failed;
  } finally {
    clearInterval(alive);
  }
}

/**
 * Prints `{"clientId","clientSecret","dataDir"}` of a new operator; `dataDir` is null for a database of DATABASE_URL. The secret is shown this
 * once. `servedKeys` are the ids of the signing keys that a running platform shows: a database that has none of them belongs to another
 * platform, so nothing is created and the exit status is `otherData`.
 */
export async function initCommand(name: string, servedKeys: readonly string[]): Promise<number> {
  const settings = readSettings();
  if (settings === null) return exitStatus.misconfigured;
  const log = createLogger({ level: 'silent' });
  try {
    const options = { ...settings, name, servedKeys, clock: systemClock, random: createSystemRandom(), log };
    const operator = await initOperator(options);
    process.stdout.write(`${JSON.stringify({ ...operator, dataDir: dataFolder(settings) })}\n`);
    return exitStatus.ok;
  } catch (error) {
    if (error instanceof OtherDataError) {
      process.stderr.write(dataFolder(settings) ?? 'the database of DATABASE_URL');
      return exitStatus.otherData;
    }
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return exitStatus.failed;
  }
}

/**
 * Prints, as JSON, whether the server behind DATABASE_URL meets the requirements of one process: its version and the oldest that is supported, how
 * many connections a process needs and how many of them the server refused. `error` says why the server cannot be used. Changes nothing.
 */
export async function checkDatabaseCommand(): Promise<number> {
  const needed = { connections: connectionsPerProcess, versionMin: String(serverMajorMin) };
  const { databaseAdminUrl } = secretsOf(readEnv(process.env).env);
  if (databaseAdminUrl === null) return exitStatus.misconfigured;
  try {
    const check = await checkServer(databaseAdminUrl, connectionsPerProcess);
    const isSupported = check.version === null || isServerSupported(check.version);
    process.stdout.write(`${JSON.stringify({ ...needed, ...check, isSupported })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ ...needed, error: describeCause(error) })}\n`);
  }
  return exitStatus.ok;
}

/** The folder of the embedded database; null for an external one. */
function dataFolder({ config }: { readonly config: Config }): string | null {
  return config.database.kind === 'embedded' ? resolve(config.dataDir) : null;
}

function readSettings(): { readonly config: Config; readonly secrets: Secrets } | null {
  const { env, unknown } = readEnv(process.env);
  try {
    return { config: configOf(env, unknown, process.getuid?.() === 0), secrets: secretsOf(env) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return null;
  }
}

function endOfInput(): Promise<string> {
  return new Promise((stop) => {
    // Input that never ends must not keep a process alive that has stopped.
    process.stdin
      .once('close', () => stop('end of input'))
      .resume()
      .unref();
    // Its output ended with its input; a line of the log that cannot be written must not end the stop.
    for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on('error', () => undefined);
  });
}

function firstSignal(): Promise<string> {
  return new Promise((stop) => {
    let signals = 0;
    const onSignal = (signal: string): void => {
      signals += 1;
      if (signals > 1) process.exit(exitStatus.failed);
      stop(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}
