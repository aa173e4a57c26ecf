import { isIP } from 'node:net';
import type { AllowanceReader } from '../../modules/egress/index.ts';
import { rangesOf } from './address-ranges.ts';

const hostShape = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** Reads ranges and addresses in any of their spellings, and the names of hosts as DNS has them. */
export const allowanceReader: AllowanceReader = {
  read(text) {
    const [address = '', bits, ...rest] = text.split('/');
    if (isIP(address) !== 0 && rest.length === 0 && !address.includes('%')) {
      const canonical = isIP(address) === 6 ? compressed(address) : address;
      const target = bits === undefined ? canonical : `${canonical}/${bits}`;
      return isRange(target) ? { target, kind: 'range' } : null;
    }
    const target = text.toLowerCase().replace(/\.$/, '');
    // A last label of digits only would be an address in another spelling (WHATWG URL, "ends in a number").
    return hostShape.test(target) && !/(^|\.)(\d+|0x[0-9a-f]*)$/.test(target) ? { target, kind: 'host' } : null;
  },
};

function isRange(text: string): boolean {
  try {
    rangesOf([text]);
    return !text.endsWith('/');
  } catch {
    return false;
  }
}

/** The shortest spelling of an IPv6 address (RFC 5952), as the URL parser writes it. */
function compressed(address: string): string {
  return URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? address;
}
