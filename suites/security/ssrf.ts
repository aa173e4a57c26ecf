import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Figures, SuiteOptions } from './figures.ts';
import { attack } from './ssrf/attack.ts';

const inside = fileURLToPath(new URL('ssrf/inside.ts', import.meta.url));
const outputBytesMax = 16 * 1024 * 1024;
const suiteMs = 20 * 60_000;

/**
 * Lets every tenant's URL field name addresses that no caller may reach, in a network of the suite's own that has them all: canaries at
 * private ranges, this machine and metadata services, and a name server whose answers change. Without the rights to make such a
 * network, only canaries on this machine's loopback address.
 */
export async function ssrf(options: SuiteOptions): Promise<Figures> {
  if (!mayMakeNetworks()) {
    const figures = await attack(options, false);
    const skipped = 'no rights to make a network: canaries on loopback only, and no changing names';
    return { ...figures, skipped: [...figures.skipped, skipped] };
  }
  const { [adminUrlVariable]: announced, ...env } = process.env;
  // Of this machine's networks nothing is in that one; a socket of its file system is.
  if (announced !== undefined && isSocket(announced)) env[adminUrlVariable] = announced;
  const tier = options.quick ? 'quick' : 'full';
  const words = ['--net', '--mount', '--', process.execPath, '--conditions=source', inside, String(options.seed), tier];
  const limits = { env, maxBuffer: outputBytesMax, timeout: suiteMs };
  const { stdout } = await promisify(execFile)('unshare', words, limits);
  // Printed by inside.ts as its last line.
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Figures;
}

const adminUrlVariable = 'COLLOQUY_TEST_ADMIN_URL';
const isSocket = (url: string): boolean => /[?&]host=(?:%2F|\/)/i.test(url);

function mayMakeNetworks(): boolean {
  try {
    execFileSync('unshare', ['--net', '--mount', '--', 'ip', 'addr', 'add', '10.0.0.1/8', 'dev', 'lo'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
