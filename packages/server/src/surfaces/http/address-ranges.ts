import { BlockList, isIP, SocketAddress } from 'node:net';

/** Addresses and ranges of them. */
export class AddressRanges {
  readonly #list = new BlockList();
  readonly isEmpty: boolean;

  /** Single addresses and ranges such as `10.0.0.0/8`; the configuration has seen to it that they are such. */
  constructor(ranges: readonly string[]) {
    this.isEmpty = ranges.length === 0;
    for (const range of ranges) {
      const [address = '', bits] = range.split('/');
      const family = familyOf(address);
      this.#list.addSubnet(address, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family);
    }
  }

  has(address: string): boolean {
    return !this.isEmpty && isIP(address) !== 0 && this.#list.check(address, familyOf(address));
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

const mappedPrefix = '::ffff:';

/** An address as it is compared and shown, however it was written: one of IPv4 that came as one of IPv6 is one of IPv4. */
export function plainAddress(address: string): string {
  if (!address.includes(':')) return address;
  const unmapped = withoutMapping(address);
  // A zone is an interface of this machine; only a socket of its own network has one, and writes its address plainly.
  if (isIP(unmapped) !== 6 || unmapped.includes('%')) return unmapped;
  return withoutMapping(new SocketAddress({ address: unmapped, family: 'ipv6' }).address);
}

function withoutMapping(address: string): string {
  const isMapped = address.startsWith(mappedPrefix) && isIP(address.slice(mappedPrefix.length)) === 4;
  return isMapped ? address.slice(mappedPrefix.length) : address;
}

/** The network of an address. A client with one IPv6 address usually has its whole /64, so that counts as one. */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const all = [...groups, ...Array.from({ length: missing }, () => '0'), ...(tail ?? '').split(':')];
  return all.slice(0, 4).join(':');
}
