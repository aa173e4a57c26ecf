import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { BlockList, LookupFunction } from 'node:net';
import { PlatformError } from '../../kernel/errors.ts';
import { addressClass, isInRanges, rangesOf } from './address-ranges.ts';

export interface EgressPolicy {
  /** Private ranges that may be called, as CIDR: `['127.0.0.0/8', '::1/128']` on a laptop. Allows plain http there too. */
  readonly allowedRanges: readonly string[];
  /** Host names that may be called whatever private address they resolve to, in plain http too. Exact, without port. */
  readonly allowedHosts: readonly string[];
  /** Ports that this platform listens at; read at each check, because a busy port is replaced at start. */
  readonly ownPorts: () => ReadonlySet<number>;
  /** Addresses of this machine; with an own port they are refused, because the platform would call itself. */
  readonly ownAddresses: () => readonly string[];
}

/** Answers every address of a host name. `dns.lookup` with `all` in production. */
export type ResolveHost = (
  hostName: string,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

const urlCharsMax = 2048;
const addressesMax = 64;
/** Services that speak first or take any line as a command; no agent listens there. */
const foreignServicePorts: ReadonlySet<number> = new Set(
  (
    '7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 79 110 111 113 119 123 135 137 139 143 161 179 389 427 445 465 512 ' +
    '513 514 515 587 636 873 989 990 993 995 2049 3306 3389 5432 5900 6379 9042 11211 27017'
  )
    .split(' ')
    .map(Number),
);
/** Names that never leave the machine or the local network. */
const localName = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/;

/**
 * Decides which addresses the platform calls on behalf of tenants. The URL is judged when it is registered and again before each
 * connection; every address that a name resolves to is judged, and the connection goes to the very addresses that were judged.
 * Refusals are `egress.refused` and do not say what a name resolved to.
 */
export class EgressGuard {
  readonly #allowedRanges: BlockList;
  readonly #allowedHosts: ReadonlySet<string>;
  readonly #policy: EgressPolicy;
  readonly #resolve: ResolveHost;

  /** Throws TypeError for a range that is none. */
  constructor(policy: EgressPolicy, resolve: ResolveHost = resolveBySystem) {
    this.#policy = policy;
    this.#resolve = resolve;
    this.#allowedRanges = rangesOf(policy.allowedRanges);
    this.#allowedHosts = new Set(policy.allowedHosts.map((host) => plainHost(host.toLowerCase())));
  }

  /** The parsed URL when nothing in its text forbids a call; throws `egress.refused`. Resolves no name. */
  checkUrl(text: string): URL {
    const url = this.#parse(text);
    const host = hostOf(url);
    if (isIP(host) !== 0) this.#checkAddress(url, host);
    else this.#checkName(url, host);
    return url;
  }

  /** As `checkUrl`, and every address that the name resolves to now. A name that does not resolve yet passes. */
  async checkAddresses(text: string): Promise<void> {
    const url = this.checkUrl(text);
    if (isIP(hostOf(url)) !== 0) return;
    const addresses = await new Promise<readonly LookupAddress[]>((resolve) => {
      this.#resolve(hostOf(url), (error, found) => resolve(error === null ? found : []));
    });
    for (const { address } of addresses) this.#checkAddress(url, address);
  }

  /**
   * The name resolution for connections to `url`'s origin: the `connect.lookup` of an undici pool. It fails with
   * `egress.refused` unless every address is allowed. Node skips it for hosts that are addresses, so call `checkUrl` first.
   */
  lookupFor(url: URL): LookupFunction {
    return (hostName, options, done) => {
      this.#resolve(hostName, (error, addresses) => {
        if (error !== null) return done(error, []);
        try {
          if (addresses.length > addressesMax) throw refusal('too many addresses');
          for (const { address } of addresses) this.#checkAddress(url, address);
        } catch (refused) {
          return done(refused instanceof Error ? refused : refusal('unknown'), []);
        }
        const [first] = addresses;
        if (first === undefined) return done(new Error('The host name has no address.'), []);
        if (options.all === true) return done(null, [...addresses]);
        done(null, first.address, first.family);
      });
    };
  }

  #parse(text: string): URL {
    if (text.length > urlCharsMax) throw refusal('too long');
    // The parser drops tabs and newlines and takes a backslash for a slash; whoever sends them wants two readers to disagree.
    if (Array.from(text).some((char) => char <= ' ' || char === '\\' || char === '\u007f'))
      throw refusal('control characters');
    const url = URL.parse(text);
    if (url === null) throw refusal('no URL');
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refusal('scheme');
    // The same text without them would be another URL for a reader who looks for "@".
    if (url.username !== '' || url.password !== '' || authorityOf(text).includes('@'))
      throw refusal('user information');
    if (url.hash !== '' || text.includes('#')) throw refusal('fragment');
    const port = portOf(url);
    if (port === 0 || foreignServicePorts.has(port)) throw refusal('port');
    return url;
  }

  #checkName(url: URL, host: string): void {
    if (host === '') throw refusal('host');
    if (this.#allowedHosts.has(host)) return;
    const allowsPrivate = this.#policy.allowedRanges.length > 0;
    // With allowed ranges the address decides, at every connection.
    if (url.protocol === 'http:' && !allowsPrivate) throw refusal('http');
    if (localName.test(host) && !allowsPrivate) throw refusal('local name');
  }

  #checkAddress(url: URL, address: string): void {
    const kind = addressClass(address);
    if (kind === 'never') throw refusal('address');
    if (this.#policy.ownPorts().has(portOf(url)) && this.#isOwn(address)) throw refusal('own listener');
    const isAllowed = isInRanges(this.#allowedRanges, address) || this.#allowedHosts.has(hostOf(url));
    if (!isAllowed && (kind === 'private' || url.protocol === 'http:')) throw refusal('address');
  }

  #isOwn(address: string): boolean {
    return isInRanges(loopback, address) || this.#policy.ownAddresses().includes(address);
  }
}

const loopback = rangesOf(['127.0.0.0/8', '::1/128']);

function refusal(reason: string): PlatformError {
  return new PlatformError('egress.refused', { cause: new Error(`The address is refused: ${reason}.`) });
}

/** The host without the brackets of an IPv6 address and without the dot of a fully qualified name. */
function hostOf(url: URL): string {
  return plainHost(url.hostname);
}

function plainHost(host: string): string {
  return host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function authorityOf(text: string): string {
  return text.split('/')[2]?.split(/[?#]/)[0] ?? '';
}

function resolveBySystem(hostName: string, done: Parameters<ResolveHost>[1]): void {
  systemLookup(hostName, { all: true }, (error, addresses) => done(error, addresses));
}
