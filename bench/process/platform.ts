import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ClientCredentials } from './admin-api.ts';
import { jsonLines } from './log-lines.ts';
import { childEnvironment, sourceCondition, startProgram } from './program.ts';
import type { Program } from './program.ts';

const script = new URL(import.meta.resolve('@colloquy/server/main'));
const readyMsMax = 60_000;

/** The platform's settings, as environment variables. */
export type PlatformEnv = Readonly<Record<string, string>>;

/** Prepares a fresh platform and answers the secret of its operator, which is shown this once. */
export async function initPlatform(env: PlatformEnv): Promise<ClientCredentials> {
  const { stdout } = await promisify(execFile)(process.execPath, [sourceCondition, fileURLToPath(script), 'init'], {
    env: childEnvironment(env),
    timeout: readyMsMax,
  });
  const printed = jsonLines(`${stdout}\n`).find((line) => 'clientSecret' in line);
  if (printed === undefined) throw new Error('init printed no operator credentials');
  return { clientId: String(printed['clientId']), clientSecret: String(printed['clientSecret']) };
}

/** A running platform process. */
export interface Platform {
  readonly program: Program;
  readonly url: string;
}

export async function startPlatform(env: PlatformEnv, logFile: string): Promise<Platform> {
  const program = await startProgram({ label: 'the platform', script, env, logFile, readyMsMax, tethered: false });
  return { program, url: String(program.ready['url']) };
}
