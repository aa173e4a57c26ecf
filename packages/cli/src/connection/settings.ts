import { createClient } from '@colloquy/sdk/client';
import type { ColloquyClient } from '@colloquy/sdk/client';
import type { Arguments } from '../arguments.ts';
import { UsageError } from '../usage-error.ts';
import { readProfiles } from './profile.ts';
import type { Profile } from './profile.ts';

/** Where the platform is and who calls it. */
export interface Settings {
  readonly url: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Settings from options, then the environment, then the profile. Credentials of a profile go only to the address of that
 * profile, so that another address never learns them.
 */
export function resolveSettings(args: Arguments, env: Env): Settings {
  const given = (option: string, variable: string): string | undefined => args.text(option) ?? filled(env[variable]);
  const profile = chosenProfile(given('profile', 'COLLOQUY_PROFILE'), env);
  const url = given('url', 'COLLOQUY_URL') ?? profile?.url;
  if (url === undefined) throw missing('The address of the platform is not known.', '--url or COLLOQUY_URL');
  checkUrl(url);
  const fitting = profile !== undefined && new URL(profile.url).origin === new URL(url).origin ? profile : undefined;
  const tenant = given('tenant', 'COLLOQUY_TENANT') ?? fitting?.tenant;
  if (tenant === undefined) throw missing('The tenant is not known.', '--tenant or COLLOQUY_TENANT');
  const clientId = given('client-id', 'COLLOQUY_CLIENT_ID');
  const clientSecret = given('client-secret', 'COLLOQUY_CLIENT_SECRET');
  const credentials = clientId === undefined ? fitting : pairOf(clientId, clientSecret);
  if (credentials === undefined)
    throw missing('Who calls is not known.', 'COLLOQUY_CLIENT_ID and COLLOQUY_CLIENT_SECRET');
  return { url, tenant, clientId: credentials.clientId, clientSecret: credentials.clientSecret };
}

/** A client of the platform made from settings. */
export function openClient({ url, ...caller }: Settings): ColloquyClient {
  return createClient({ baseUrl: url, ...caller });
}

function chosenProfile(name: string | undefined, env: Env): Profile | undefined {
  const profiles = readProfiles(env);
  const profile = profiles[name ?? 'default'];
  if (profile === undefined && name !== undefined) {
    const known = Object.keys(profiles).join(', ');
    throw new UsageError(
      `There is no profile "${name}".`,
      known === '' ? 'Run "colloquy init".' : `Known are: ${known}.`,
    );
  }
  return profile;
}

function pairOf(clientId: string, clientSecret: string | undefined): { clientId: string; clientSecret: string } {
  if (clientSecret === undefined) throw missing('The secret of the client is not known.', 'COLLOQUY_CLIENT_SECRET');
  return { clientId, clientSecret };
}

function checkUrl(url: string): void {
  const { protocol } = URL.parse(url) ?? {};
  if (protocol === 'http:' || protocol === 'https:') return;
  throw new UsageError(`"${url}" is not an address.`, 'Write it like http://localhost:8080.');
}

function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function missing(what: string, where: string): UsageError {
  return new UsageError(what, `Give it with ${where}, or run "colloquy init", which keeps a profile.`);
}
