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
      if (given === 'off') return ok(check, 'switched off');
      const port = Number(given ?? usual);
      if (await isFree(port)) return ok(check, `${port} is free`);
      if (check === 'grpc port' ? await speaksHttp2(port, env) : await isPlatform(port, env))
        return ok(check, `a platform listens on ${port}`);
      if (given === undefined)
        return warn(
          check,
          `${port} is in use; the platform will choose another port`,
          `Set ${variable} to a free port to choose it yourself.`,
        );
      return fail(
        check,
        `${port} is in use by another program`,
        `Stop that program or set ${variable} to a free port.`,
      );
    }),
  );
}

/** Whether the platform answers and is ready. Without a configured address a missing platform is a warning only. */
export async function checkPlatform(url: string, isExpected: boolean): Promise<Finding> {
  try {
    const response = await fetch(new URL('/ready', url), { signal: AbortSignal.timeout(answerMs) });
    const state: unknown = await response.json();
    const failing = failingChecks(state);
    if (response.ok) return ok('platform', `${url} is ready`);
    return fail(
      'platform',
      `${url} is not ready: ${failing.join(', ') || response.status}`,
      'Read its log; the platform recovers when the cause is fixed.',
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

/** Whether a listener sends HTTP/2 settings. Another program's listener would, too; its callers then get its errors. */
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

/** Whether the platform answers behind TLS. Another check reads the certificate. */
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
