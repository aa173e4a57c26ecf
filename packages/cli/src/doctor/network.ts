import { connect } from 'node:http2';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { fail, ok, warn } from './check.ts';
import type { Finding } from './check.ts';

type Env = Readonly<Record<string, string | undefined>>;

const ports = [
  { variable: 'COLLOQUY_HTTP_PORT', usual: 4800, check: 'port' },
  { variable: 'COLLOQUY_OPS_PORT', usual: 4801, check: 'ops port' },
  { variable: 'COLLOQUY_GRPC_PORT', usual: 4802, check: 'grpc port' },
] as const;
const answerMs = 3_000;

/** Whether the platform's ports are free, or already its own. */
export function checkPorts(env: Env): Promise<readonly Finding[]> {
  return Promise.all(
    ports.map(async ({ variable, usual, check }) => {
      const given = env[variable];
      if (given === 'off') return ok(check, 'it is off');
      const port = Number(given ?? usual);
      if (await isFree(port)) return ok(check, `${port} is free`);
      if (check === 'grpc port' ? await speaksHttp2(port, env) : await isPlatform(port, env))
        return ok(check, `a platform listens on ${port}`);
      if (given === undefined)
        return warn(
          check,
          `${port} is taken; another one will be chosen`,
          `Set ${variable} to a free port to know it beforehand.`,
        );
      return fail(check, `${port} is taken by another program`, `Stop that program or set ${variable} to a free port.`);
    }),
  );
}

/** Whether the platform answers and can work. One that nobody said is there may also be missing. */
export async function checkPlatform(url: string, isExpected: boolean): Promise<Finding> {
  try {
    const response = await fetch(new URL('/ready', url), { signal: AbortSignal.timeout(answerMs) });
    const state: unknown = await response.json();
    const failing = failingChecks(state);
    if (response.ok) return ok('platform', `${url} is ready`);
    return fail(
      'platform',
      `${url} is not ready: ${failing.join(', ') || response.status}`,
      'Look at its log; it recovers by itself when the cause is gone.',
    );
  } catch {
    const judge = isExpected ? fail : warn;
    return judge('platform', `nothing answers at ${url}`, 'Start it with "colloquy up", or correct the address.');
  }
}

function failingChecks(state: unknown): readonly string[] {
  if (typeof state !== 'object' || state === null || !('checks' in state)) return [];
  const { checks } = state;
  if (typeof checks !== 'object' || checks === null) return [];
  return Object.entries(checks).flatMap(([name, value]) => (value === 'ok' ? [] : [name]));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A listener of HTTP/2 greets with its settings; another program's would as well, and says so to whoever calls it. */
function speaksHttp2(port: number, env: Env): Promise<boolean> {
  const scheme = env['COLLOQUY_GRPC_TLS_CERT_FILE'] === undefined ? 'http' : 'https';
  return new Promise((resolve) => {
    const session = connect(`${scheme}://127.0.0.1:${String(port)}`, { rejectUnauthorized: false });
    const finish = (isSpoken: boolean): void => {
      session.destroy();
      resolve(isSpoken);
    };
    session.setTimeout(answerMs, () => finish(false));
    session.once('remoteSettings', () => finish(true)).once('error', () => finish(false));
  });
}

async function isPlatform(port: number, env: Env): Promise<boolean> {
  try {
    const isTls =
      port === Number(env['COLLOQUY_HTTP_PORT'] ?? 4800) && env['COLLOQUY_HTTP_TLS_CERT_FILE'] !== undefined;
    if (isTls) return await showsCertificate(port);
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(answerMs) });
    return (await response.text()).includes('"alive"');
  } catch {
    return false;
  }
}

/** Whether the platform answers behind TLS. Whose certificate it shows is looked at elsewhere. */
function showsCertificate(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/health', rejectUnauthorized: false, timeout: answerMs });
    asked.once('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once('timeout', () => asked.destroy()).once('error', () => resolve(false));
    asked.end();
  });
}
