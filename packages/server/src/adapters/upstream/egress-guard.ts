import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { BlockList, LookupFunction } from 'node:net';
import type { buildConnector } from 'undici';
import { PlatformError } from '../../kernel/errors.ts';
import { addressClass, isInRanges, rangesOf } from './address-ranges.ts';
import { guardedConnector } from './guarded-connector.ts';
import type { GuardedConnectorOptions } from './guarded-connector.ts';

export interface EgressPolicy {
  /** Private ranges that may be called, as CIDR: `['127.0.0.0/8', '::1/128']` on a laptop. Allows plain http there too. */
  readonly allowedRanges: readonly string[];
  /** Host names that may be called whatever private address they resolve to, in plain http too. Exact, without port. */
  readonly allowedHosts: readonly string[];
  /** Ports that may be called, as `443` or `8000-8999`. Empty: every port but those of services that are no agents. */
  readonly allowedPorts?: readonly string[];
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
/** Names that never leave the machine or the local network; a name without a dot is completed by the machine's own domain. */
const localName = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$|^[^.]*$/;

/**
 * Decides which addresses the platform calls on behalf of tenants. The URL is checked at registration and before each connection. Before a
 * connection every resolved address is checked, and the connection uses exactly these addresses. Registration resolves no name, because the
 * outcome would reveal the network to the caller. Refusals are `egress.refused`.
 */
export class EgressGuard {
  readonly #allowedRanges: BlockList;
  readonly #allowedHosts: ReadonlySet<string>;
  readonly #allowedPorts: readonly PortRange[];
  readonly #policy: EgressPolicy;
  readonly #resolve: ResolveHost;

  /** Names what this guard allows: connections of guards of different names are kept apart. */
  readonly name: string;

  /** Throws TypeError for a range that is none. */
  constructor(policy: EgressPolicy, resolve: ResolveHost = resolveBySystem, name = '') {
    this.name = name;
    this.#policy = policy;
    this.#resolve = resolve;
    this.#allowedRanges = rangesOf(policy.allowedRanges);
    this.#allowedHosts = new Set(policy.allowedHosts.map((host) => plainHost(host.toLowerCase())));
    this.#allowedPorts = (policy.allowedPorts ?? []).map(portRangeOf);
  }

  /** The parsed URL when nothing in its text forbids a call; throws `egress.refused`. Resolves no name. */
  checkUrl(text: string): URL {
    const url = this.#parse(text);
    const host = hostOf(url);
    if (isIP(host) !== 0) this.#checkAddress(url, host);
    else this.#checkName(url, host);
    return url;
  }

  /** Whether an operator opened the host of this URL by its name, so that its tenant may know what the name leads to. */
  isOpenedByName(url: URL): boolean {
    return this.#allowedHosts.has(hostOf(url));
  }

  /** Throws `egress.refused` unless this is an address that a connection for `url` may have ended at. */
  checkRemote(url: URL, address: string | undefined): void {
    if (address === undefined) throw refusal('no remote address');
    this.#checkAddress(url, address);
  }

  /** Connects to `url`'s origin and to nothing else: judges the URL, each address, and where the connection came to. */
  connectorFor(url: URL, options: GuardedConnectorOptions): buildConnector.connector {
    return guardedConnector(this, url, options);
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
          this.#checkAll(url, addresses);
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

  #checkAll(url: URL, addresses: readonly LookupAddress[]): void {
    if (addresses.length > addressesMax) throw refusal('too many addresses');
    for (const { address } of addresses) this.#checkAddress(url, address);
  }

  #parse(text: string): URL {
    if (text.length > urlCharsMax) throw refusal('too long');
    // The URL parser drops tabs and newlines and reads a backslash as a slash. Such a URL is meant to be read differently by two parsers.
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
    if (!this.#isAllowedPort(port)) throw refusalOfPort();
    return url;
  }

  #checkName(url: URL, host: string): void {
    if (host === '' || host.split('.').includes('')) throw refusal('host');
    if (this.#allowedHosts.has(host)) return;
    const allowsPrivate = this.#policy.allowedRanges.length > 0;
    // With allowed ranges the address decides, at every connection.
    if (url.protocol === 'http:' && !allowsPrivate) throw refusal('http');
    if (localName.test(host) && !allowsPrivate) throw refusal('local name');
  }

  #checkAddress(url: URL, address: string): void {
    const kind = addressClass(address);
    if (kind === 'never') throw refusal('address');
    const isAllowed = isInRanges(this.#allowedRanges, address) || this.#allowedHosts.has(hostOf(url));
    if (this.#policy.ownPorts().has(portOf(url)) && this.#isOwn(address))
      throw isAllowed && address === hostOf(url) ? refusalOfOwn() : refusal('own listener');
    if (!isAllowed && (kind === 'private' || url.protocol === 'http:')) throw refusal('address');
  }

  #isAllowedPort(port: number): boolean {
    if (port === 0 || foreignServicePorts.has(port)) return false;
    const ranges = this.#allowedPorts;
    return ranges.length === 0 || ranges.some(({ first, last }) => port >= first && port <= last);
  }

  #isOwn(address: string): boolean {
    return isInRanges(loopback, address) || this.#policy.ownAddresses().includes(address);
  }
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Throws TypeError for text that is neither a port nor a range of ports. */
function portRangeOf(text: string): PortRange {
  const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  if (first === '' || range.first > range.last || range.last > 65_535)
    throw new TypeError(`'${text}' is not a port such as 443 or a range such as 8000-8999.`);
  return range;
}

const loopback = rangesOf(['127.0.0.0/8', '::1/128']);

function refusal(reason: string): PlatformError {
  return new PlatformError('egress.refused', { cause: new Error(`The address is refused: ${reason}.`) });
}

/** Said only of an address that the tenant wrote itself and may call at other ports: it tells nothing of the network. */
function refusalOfOwn(): PlatformError {
  return new PlatformError('egress.refused', {
    message: 'This is an address of the platform itself, which it does not call.',
    details: { cause: 'own-address' },
    cause: new Error('The address is refused: own listener.'),
  });
}

/** Said by the text of the URL alone, so it tells nothing of the network. */
function refusalOfPort(): PlatformError {
  return new PlatformError('egress.refused', {
    message: 'The platform calls no agent or receiver at this port.',
    details: { cause: 'port' },
    cause: new Error('The address is refused: port.'),
  });
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
