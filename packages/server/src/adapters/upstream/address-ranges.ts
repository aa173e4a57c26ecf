import { BlockList, isIP } from 'node:net';

/** Special-purpose IPv4 (RFC 6890 and its registry): not globally reachable. An operator may allow parts of them. */
const privateIpv4 = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
];

/** Special-purpose IPv6 inside the global unicast space 2000::/3. Everything outside of that space is private anyway. */
const privateIpv6 = ['2001::/23', '2001:db8::/32', '3fff::/20'];

/** Where no agent can be: this host, groups, other spellings of IPv4, and the metadata services of clouds. */
const never = [
  '0.0.0.0/8',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Metadata: AWS, GCP, Azure and most others; Azure's wire server; Alibaba; Oracle; AWS by IPv6.
  '169.254.169.254/32',
  '168.63.129.16/32',
  '100.100.100.200/32',
  '192.0.0.192/32',
  'fd00:ec2::254/128',
  // Unspecified, NAT64, discard, 6to4, Teredo, multicast.
  '::/128',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2002::/16',
  '2001::/32',
  'ff00::/8',
];

const globalIpv6 = rangesOf(['2000::/3']);
const privateRanges = rangesOf([...privateIpv4, ...privateIpv6]);
const neverRanges = rangesOf(never);
// IPv4-mapped (::ffff:0:0/96) and the deprecated IPv4-compatible (::/96), which covers ::1 too.
const embeddedIpv4 = /^::(ffff:)?([0-9a-f]{1,4}:[0-9a-f]{1,4}|[0-9.]{7,15})$/i;

/** What the internet's registries say of an address. `never` can not be allowed by an operator. */
export type AddressClass = 'global' | 'private' | 'never';

/** The class of an IP address as text; text that is no IP address, or one of a named interface, is `never`. */
export function addressClass(address: string): AddressClass {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return 'never';
  // A rule for IPv4 also matches the mapped form of the same address, so that form is judged first.
  if (version === 6 && embeddedIpv4.test(compressed(address))) return 'never';
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (neverRanges.check(address, family)) return 'never';
  if (version === 6 && !globalIpv6.check(address, family)) return 'private';
  return privateRanges.check(address, family) ? 'private' : 'global';
}

/** Whether an address lies in a list of ranges. */
export function isInRanges(ranges: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && ranges.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** A list of CIDR ranges or single addresses; throws TypeError for text that is neither. */
export function rangesOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits, ...rest] = range.split('/');
    const version = isIP(address);
    const bitsMax = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? bitsMax : Number(bits);
    // "10.0.0.0/" is a slip, and read as "/0" it would open everything.
    const isPrefix = bits === undefined || /^\d{1,3}$/.test(bits);
    const isRange = version !== 0 && isPrefix && prefix <= bitsMax && rest.length === 0;
    if (!isRange) throw new TypeError(`'${range}' is not an address range such as 10.0.0.0/8 or fd00::/8.`);
    list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** The shortest spelling of an IPv6 address (RFC 5952), as the URL parser writes it. */
function compressed(address: string): string {
  return URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? address;
}
