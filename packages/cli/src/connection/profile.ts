import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { LocalError } from '../usage-error.ts';

/** Where a platform is and who calls it, as kept in the profile file. */
export interface Profile {
  readonly url: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Profiles by name. */
export type Profiles = Readonly<Record<string, Profile>>;

type Env = Readonly<Record<string, string | undefined>>;

/** Where profiles are kept: below the user's configuration folder. */
export function profileFile(env: Env): string {
  const config = env['XDG_CONFIG_HOME'];
  const folder = config !== undefined && config !== '' ? config : path.join(env['HOME'] ?? homedir(), '.config');
  return path.join(folder, 'colloquy', 'profile.json');
}

/** Every kept profile; none when there is no file. Throws a LocalError for a file that others may read or that is broken. */
export function readProfiles(env: Env): Profiles {
  const file = profileFile(env);
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
    if ((statSync(file).mode & 0o077) !== 0) {
      throw new LocalError(`The profile file ${file} can be read by others.`, `Run: chmod 600 ${file}`);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
  const profiles = profilesFrom(content);
  if (profiles === undefined) {
    throw new LocalError(
      `The profile file ${file} is not understood.`,
      'Mend or remove it; "colloquy init" writes a new one.',
    );
  }
  return profiles;
}

/** The tenant of all operators; every platform has it. */
export const operatorsTenant = 'system';

/** The first profile that acts as an operator of the platform at this address. */
export function operatorProfileAt(url: string, profiles: Profiles): string | undefined {
  const isHeld = (profile: Profile): boolean => profile.tenant === operatorsTenant && profile.url === url;
  return Object.entries(profiles).find(([, profile]) => isHeld(profile))?.[0];
}

/**
 * Renames the profile of another platform that a new one at `url` would replace, because it may be all that has that platform's secret. Returns
 * what to tell the user, if anything was renamed.
 */
export function keepReplaced(env: Env, name: string, url: string): string | undefined {
  const profiles = readProfiles(env);
  const replaced = profiles[name];
  if (replaced === undefined || replaced.url === url) return undefined;
  let number = 2;
  while (profiles[`${name}-${number}`] !== undefined) number += 1;
  const other = `${name}-${number}`;
  writeProfile(env, other, replaced);
  return `\nThe earlier profile "${name}", of ${replaced.url}, is now "${other}".`;
}

/** Keeps a profile under a name, beside the others, readable by its owner alone. Returns the file. */
export function writeProfile(env: Env, name: string, profile: Profile): string {
  const file = profileFile(env);
  const profiles = { ...readProfiles(env), [name]: profile };
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const half = `${file}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify({ profiles }, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(half, 0o600);
  renameSync(half, file);
  return file;
}

function profilesFrom(content: string): Profiles | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    return undefined;
  }
  if (!isRecord(parsed) || !isRecord(parsed['profiles'])) return undefined;
  const profiles = Object.entries(parsed['profiles']);
  return profiles.every((entry): entry is [string, Profile] => isProfile(entry[1]))
    ? Object.fromEntries(profiles)
    : undefined;
}

function isProfile(value: unknown): value is Profile {
  const names = ['url', 'tenant', 'clientId', 'clientSecret'];
  return isRecord(value) && names.every((name) => typeof value[name] === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
