import { BlockList, isIP } from 'node:net';

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

/** An address as it is compared and shown: one of IPv4 that came by a socket for both is written as such. */
export function plainAddress(address: string): string {
  const isMapped = address.startsWith(mappedPrefix) && isIP(address.slice(mappedPrefix.length)) === 4;
  return isMapped ? address.slice(mappedPrefix.length) : address;
}
