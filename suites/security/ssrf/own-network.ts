import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the suite's own name server answers. */
export const nameServerAddress = '127.0.0.53';

/** One address of every kind that no request may reach, all of them this machine's inside the suite's own network. */
const addresses = [
  '10.0.0.1/8',
  '10.255.255.254/32',
  '172.16.0.1/12',
  '192.168.1.1/16',
  '100.64.0.1/10',
  '169.254.169.254/16',
  '169.254.170.2/32',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  '192.0.2.1/24',
  '198.18.0.1/15',
  'fd00::1/8',
  'fd00:ec2::254/128',
  'fe80::1/64',
  '2001:db8::1/32',
];

/**
 * Gives this process's network namespace every forbidden address, and its mount namespace a resolver of our own. Only to be called in
 * namespaces that were made for it.
 */
export function ownForbiddenAddresses(): void {
  const ip = (...words: readonly string[]): void => void execFileSync('ip', [...words], { stdio: 'ignore' });
  ip('link', 'set', 'lo', 'up');
  for (const address of addresses) ip('addr', 'add', address, 'dev', 'lo');
  const resolver = join(mkdtempSync(join(tmpdir(), 'colloquy-ssrf-')), 'resolv.conf');
  writeFileSync(resolver, `nameserver ${nameServerAddress}\noptions timeout:1 attempts:1\n`);
  execFileSync('mount', ['--bind', resolver, '/etc/resolv.conf']);
}
