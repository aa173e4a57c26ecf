import { createClient } from '@colloquy/sdk/client';
import type { ColloquyClient } from '@colloquy/sdk/client';
import type { Arguments } from '../arguments.ts';
import { UsageError } from '../usage-error.ts';
import { readProfiles } from './profile.ts';
import type { Profile, Profiles } from './profile.ts';

/** The address of the platform and the calling client. */
export interface Settings {
  readonly url: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Name of the profile that the client comes from; absent for a client of options or environment variables. */
  readonly profile?: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** A profile of the file, with the name that chose it. */
interface ChosenProfile extends Profile {
  readonly name: string;
}

/**
 * Settings from options, then the environment, then the profile. Credentials of a profile go only to the address of that
 * profile, so that another address never learns them. Throws a UsageError where a part is missing, or where a secret
 * and a profile name different clients.
 */
export function resolveSettings(args: Arguments, env: Env): Settings {
  const given = givenIn(args, env);
  const profiles = readProfiles(env);
  const profile = chosenProfile(given('profile', 'COLLOQUY_PROFILE'), profiles);
  const url = given('url', 'COLLOQUY_URL') ?? profile?.url;
  if (url === undefined) throw missing('The address of the platform is not known.', '--url or COLLOQUY_URL');
  checkUrl(url);
  const isOfAddress = ({ url: other }: Profile): boolean => new URL(other).origin === new URL(url).origin;
  const own = profile !== undefined && isOfAddress(profile) ? profile : undefined;
  const notKnown = (what: string, where: string): UsageError => {
    if (profile === undefined || own !== undefined) return missing(what, where);
    const others = Object.keys(profiles).filter((name) => profiles[name] !== undefined && isOfAddress(profiles[name]));
    const choice =
      others.length === 0 ? '' : `Choose a profile of that address with --profile: ${others.join(', ')}. Or `;
    const remedy = `${choice === '' ? 'Give' : `${choice}give`} it with ${where}, or correct the address.`;
    return new UsageError(`${what} The profile "${profile.name}" belongs to ${profile.url}, not to ${url}.`, remedy);
  };
  const tenant = given('tenant', 'COLLOQUY_TENANT') ?? own?.tenant;
  if (tenant === undefined) throw notKnown('The tenant is not known.', '--tenant or COLLOQUY_TENANT');
  const clientId = given('client-id', 'COLLOQUY_CLIENT_ID');
  const clientSecret = given('client-secret', 'COLLOQUY_CLIENT_SECRET');
  if (clientId !== undefined && clientSecret !== undefined) return { url, tenant, clientId, clientSecret };
  if (clientSecret !== undefined)
    throw secretAlone(args.text('client-secret') === undefined ? 'COLLOQUY_CLIENT_SECRET' : '--client-secret', own);
  if (own !== undefined && (clientId ?? own.clientId) === own.clientId)
    return { url, tenant, clientId: own.clientId, clientSecret: own.clientSecret, profile: own.name };
  if (clientId !== undefined)
    throw notKnown(`The secret of the client ${clientId} is not known.`, 'COLLOQUY_CLIENT_SECRET');
  throw notKnown('The calling client is not known.', 'COLLOQUY_CLIENT_ID and COLLOQUY_CLIENT_SECRET');
}

/** The address that the options, the environment or the profile name, also where they leave the calling client unknown. */
export function addressOf(args: Arguments, env: Env): string | undefined {
  const given = givenIn(args, env);
  return given('url', 'COLLOQUY_URL') ?? readProfiles(env)[given('profile', 'COLLOQUY_PROFILE') ?? 'default']?.url;
}

/** Reads an option, else its environment variable. */
function givenIn(args: Arguments, env: Env): (option: string, variable: string) => string | undefined {
  return (option, variable) => args.text(option) ?? filled(env[variable]);
}

/** A client of the platform made from settings. */
export function openClient({ url, tenant, clientId, clientSecret }: Settings): ColloquyClient {
  return createClient({ baseUrl: url, tenant, clientId, clientSecret });
}

function chosenProfile(given: string | undefined, profiles: Profiles): ChosenProfile | undefined {
  const name = given ?? 'default';
  const profile = profiles[name];
  if (profile === undefined && given !== undefined) {
    const known = Object.keys(profiles).join(', ');
    throw new UsageError(
      `There is no profile "${name}".`,
      known === '' ? 'Run "colloquy init".' : `Known are: ${known}.`,
    );
  }
  return profile === undefined ? undefined : { ...profile, name };
}

/** A secret without its client would be passed over for the secret of the profile. */
function secretAlone(source: string, profile: ChosenProfile | undefined): UsageError {
  const without = 'Name its client with --client-id or COLLOQUY_CLIENT_ID';
  if (profile === undefined) return new UsageError(`${source} is given without a client id.`, `${without}.`);
  const { name, clientId } = profile;
  return new UsageError(
    `${source} is given without a client id, and the profile "${name}" has a client and a secret of its own.`,
    `${without}, or leave out ${source} to act as ${clientId} of the profile.`,
  );
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
