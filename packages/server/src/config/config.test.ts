/** Guarantee: a platform that starts has a valid configuration. Every mistake is reported at once, and no secret is shown. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { limits } from '../kernel/limits.ts';
import { ConfigError, configOf } from './config.ts';
import type { Config } from './config.ts';
import { readEnv } from './env.ts';

type Variables = Readonly<Record<string, string>>;

const secret = randomBytes(32).toString('base64');
const external = {
  DATABASE_URL: 'postgres://colloquy:word-of-passing@db.example/colloquy',
  COLLOQUY_SECRET_KEY: secret,
  COLLOQUY_PUBLIC_URL: 'https://agents.example.org',
};

function read(source: Variables, isRoot = false): Config {
  const { env, unknown } = readEnv(source);
  return configOf(env, unknown, isRoot);
}

function problemsOf(source: Variables): readonly string[] {
  try {
    read(source);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const value of [secret, 'word-of-passing']) assert.ok(!error.message.includes(value), error.message);
    for (const problem of error.problems) assert.ok(error.message.includes(problem), error.message);
    return error.problems;
  }
  return [];
}

function without(name: keyof typeof external, more: Variables = {}): Variables {
  return { ...Object.fromEntries(Object.entries(external).filter(([one]) => one !== name)), ...more };
}

/** Exactly these problems, each recognised by how it begins. */
function assertProblems(source: Variables, beginnings: readonly string[]): void {
  const problems = problemsOf(source);
  for (const beginning of beginnings) {
    assert.equal(
      problems.filter((one) => one.startsWith(beginning)).length,
      1,
      `${beginning} in ${problems.join(' ')}`,
    );
  }
  assert.equal(problems.length, beginnings.length, problems.join(' '));
}

describe('the configuration', () => {
  it('is whole without any variable, and then allows agents on this machine only', () => {
    const config = read({ PATH: '/bin', HOME: '/nowhere' });
    assert.deepEqual(config.database, { kind: 'embedded' });
    assert.deepEqual([...config.roles], ['gateway', 'control', 'worker']);
    assert.deepEqual(config.http, {
      host: '127.0.0.1',
      port: 4800,
      isPortFixed: false,
      tls: null,
      corsOrigins: [],
      allowedHosts: [],
    });
    assert.deepEqual(config.tls, { isTls12Allowed: false, asksForCertificates: false, clientCaFile: null });
    assert.deepEqual(config.proxies, { ranges: [], fields: new Set(['x-forwarded']) });
    assert.deepEqual(config.ops, { host: '127.0.0.1', port: 4801, isPortFixed: false });
    assert.deepEqual(config.grpc, {
      host: '127.0.0.1',
      port: 4802,
      isPortFixed: false,
      publicAddress: null,
      tls: null,
    });
    assert.equal(config.publicUrl, null);
    assert.deepEqual(config.egress, { allowedRanges: ['127.0.0.0/8', '::1/128'], allowedHosts: [], allowedPorts: [] });
  });

  it('with an external database allows no private address that is not configured', () => {
    const config = read(external);
    assert.deepEqual(config.egress, { allowedRanges: [], allowedHosts: [], allowedPorts: [] });
    assert.equal(config.publicUrl, 'https://agents.example.org');
    const open = read({ ...external, COLLOQUY_EGRESS_ALLOWED_RANGES: '10.0.0.0/8, fd00::/8' });
    assert.deepEqual(open.egress.allowedRanges, ['10.0.0.0/8', 'fd00::/8']);
    assert.doesNotMatch(inspect(config, { depth: null }), /word-of-passing|b25seS10/);
  });

  it('serves gRPC at the configured address, or not at all', () => {
    assert.equal(read({ COLLOQUY_GRPC_PORT: 'off' }).grpc, null);
    const config = read({
      COLLOQUY_GRPC_HOST: '0.0.0.0',
      COLLOQUY_GRPC_PORT: '443',
      COLLOQUY_GRPC_PUBLIC_ADDRESS: 'agents.example.org:443',
      COLLOQUY_GRPC_TLS_CERT_FILE: '/tls/cert.pem',
      COLLOQUY_GRPC_TLS_KEY_FILE: '/tls/key.pem',
    });
    assert.deepEqual(config.grpc, {
      host: '0.0.0.0',
      port: 443,
      isPortFixed: true,
      publicAddress: 'agents.example.org:443',
      tls: { certFile: '/tls/cert.pem', keyFile: '/tls/key.pem' },
    });
    for (const address of ['https://agents.example.org:443', 'agents.example.org', 'a b:1', 'x@agents.example.org:1']) {
      assertProblems({ COLLOQUY_GRPC_PUBLIC_ADDRESS: address }, ['COLLOQUY_GRPC_PUBLIC_ADDRESS: must be like ']);
    }
    assertProblems({ COLLOQUY_GRPC_TLS_KEY_FILE: '/tls/key.pem' }, ['COLLOQUY_GRPC_TLS_CERT_FILE and ']);
    assertProblems({ COLLOQUY_GRPC_PORT: 'on' }, ['COLLOQUY_GRPC_PORT: ']);
  });

  it('trusts proxies by their addresses alone, and one family of fields', () => {
    const config = read({
      COLLOQUY_TRUSTED_PROXIES: '10.0.0.1, 10.1.0.0/16,fd00::/8',
      COLLOQUY_TRUSTED_PROXY_FIELDS: 'forwarded,client-cert',
    });
    assert.deepEqual(config.proxies.ranges, ['10.0.0.1', '10.1.0.0/16', 'fd00::/8']);
    assert.deepEqual([...config.proxies.fields], ['forwarded', 'client-cert']);
    assert.equal(config.drainNoticeMs, limits.drainNoticeMs, 'proxies are notified before a process leaves');
    assert.equal(read({}).drainNoticeMs, 0, 'without proxies there is no notice');
    for (const range of ['proxy.example', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/8/8', 'fe80::1%eth0', '10.0.0.0/']) {
      assertProblems({ COLLOQUY_TRUSTED_PROXIES: range }, [`COLLOQUY_TRUSTED_PROXIES: "${range}" is not like `]);
    }
    assertProblems({ COLLOQUY_TRUSTED_PROXY_FIELDS: 'via' }, ['COLLOQUY_TRUSTED_PROXY_FIELDS: "via" is not one of ']);
    assertProblems({ COLLOQUY_TRUSTED_PROXY_FIELDS: 'forwarded,x-forwarded' }, ['COLLOQUY_TRUSTED_PROXY_FIELDS must ']);
  });

  it('serves TLS 1.3, and pages of exact origins only', () => {
    const files = { COLLOQUY_HTTP_TLS_CERT_FILE: '/tls/cert.pem', COLLOQUY_HTTP_TLS_KEY_FILE: '/tls/key.pem' };
    const ca = { COLLOQUY_TLS_CLIENT_CA_FILE: '/tls/ca.pem' };
    const asking = { COLLOQUY_TLS_CLIENT_CERTIFICATES: 'ask' };
    assert.deepEqual(read(files).tls, { isTls12Allowed: false, asksForCertificates: false, clientCaFile: null });
    assert.deepEqual(read({ ...files, ...ca, ...asking, COLLOQUY_TLS_MIN_VERSION: '1.2' }).tls, {
      isTls12Allowed: true,
      asksForCertificates: true,
      clientCaFile: '/tls/ca.pem',
    });
    assertProblems({ COLLOQUY_TLS_MIN_VERSION: '1.1' }, ['COLLOQUY_TLS_MIN_VERSION: "1.1" is not one of ']);
    assertProblems(asking, ['COLLOQUY_TLS_CLIENT_CERTIFICATES needs ']);
    assertProblems({ ...files, ...ca }, ['COLLOQUY_TLS_CLIENT_CA_FILE is for ']);
    assertProblems({ COLLOQUY_HTTP_TLS_CERT_FILE: '/tls/cert.pem' }, ['COLLOQUY_HTTP_TLS_CERT_FILE and ']);
    assert.deepEqual(read({ COLLOQUY_CORS_ORIGINS: 'https://a.example' }).http.corsOrigins, ['https://a.example']);
    for (const origin of ['*', 'null', 'https://a.example/', 'a.example']) {
      assertProblems({ COLLOQUY_CORS_ORIGINS: origin }, [`COLLOQUY_CORS_ORIGINS: "${origin}" is not like `]);
    }
  });

  it('names every mistake at once', () => {
    assertProblems(
      {
        ...external,
        COLLOQUY_HTTP_PORT: '70000',
        COLLOQUY_OPS_PORT: '-1',
        COLLOQUY_ROLES: 'gateway,cook',
        COLLOQUY_LOG_LEVEL: 'loud',
        COLLOQUY_PUBLIC_URL: 'https://agents.example.org/below',
        COLLOQUY_NODE_HEARTBEAT_MS: '1e3',
        COLLOQUY_PUBLIC_ADDRESS: 'https://agents.example.org',
      },
      [
        'COLLOQUY_HTTP_PORT: must be an integer from 0 to 65535.',
        'COLLOQUY_OPS_PORT: ',
        'COLLOQUY_ROLES: "cook" is not one of ',
        'COLLOQUY_LOG_LEVEL: "loud" is not one of ',
        'COLLOQUY_PUBLIC_URL: must be like ',
        'COLLOQUY_NODE_HEARTBEAT_MS: ',
        'COLLOQUY_PUBLIC_ADDRESS: there is no such variable.',
      ],
    );
  });

  it('refuses an unknown variable of ours, and only of ours', () => {
    assertProblems({ COLLOQUY_HTTP_PROT: '4800' }, ['COLLOQUY_HTTP_PROT: there is no such variable.']);
    assertProblems({ COLLOQUY_PROFILE: 'acme', COLLOQUY_URL: 'http://127.0.0.1:4800', PGHOST: 'db' }, []);
  });

  it('takes an empty variable for an unset one', () => {
    assert.deepEqual(read({ DATABASE_URL: '', COLLOQUY_HTTP_PORT: '', COLLOQUY_LOG_LEVEL: '' }), read({}));
    assertProblems({ ...external, COLLOQUY_PUBLIC_URL: '' }, ['COLLOQUY_PUBLIC_URL must be set ']);
  });

  it('refuses an external database without what its processes must share', () => {
    assertProblems(without('COLLOQUY_SECRET_KEY'), ['COLLOQUY_SECRET_KEY or COLLOQUY_SECRET_KEY_FILE must be set ']);
    assertProblems(without('COLLOQUY_PUBLIC_URL'), ['COLLOQUY_PUBLIC_URL must be set ']);
    assertProblems(without('COLLOQUY_PUBLIC_URL', { COLLOQUY_HTTP_PORT: '4800' }), [
      'COLLOQUY_PUBLIC_URL must be set ',
    ]);
    assertProblems(without('COLLOQUY_PUBLIC_URL', { COLLOQUY_HTTP_PORT: '0' }), []);
  });

  it('runs in production with a strong key of its own only, whatever its database is (T42)', () => {
    const production = { COLLOQUY_ENV: 'production' };
    assertProblems(production, ['COLLOQUY_SECRET_KEY or COLLOQUY_SECRET_KEY_FILE must be set ']);
    assertProblems({ ...production, COLLOQUY_SECRET_KEY: secret }, []);
    assertProblems({ ...production, COLLOQUY_SECRET_KEY_FILE: '/run/secrets/colloquy' }, []);
    const weak = [Buffer.alloc(32), Buffer.from('only-the-platform-knows-this-key'), randomBytes(16)];
    for (const key of weak) {
      const text = key.toString('base64');
      assertProblems({ ...production, COLLOQUY_SECRET_KEY: text }, ['COLLOQUY_SECRET_KEY: ']);
      assertProblems({ ...external, COLLOQUY_SECRET_KEY: text }, ['COLLOQUY_SECRET_KEY: ']);
      assertProblems({ COLLOQUY_SECRET_KEY: text }, ['COLLOQUY_SECRET_KEY: ']);
    }
    assertProblems({ ...external, COLLOQUY_SECRET_KEY_FILE: '/key' }, ['COLLOQUY_SECRET_KEY and ']);
    assert.equal(read(external).isProduction, true);
    assert.equal(read({}).isProduction, false);
  });

  it('opens no private address in production that is not configured, whatever its database is (T16)', () => {
    const production = { COLLOQUY_ENV: 'production', COLLOQUY_SECRET_KEY: secret };
    assert.deepEqual(read(production).egress.allowedRanges, []);
    const named = read({ ...production, COLLOQUY_EGRESS_ALLOWED_RANGES: '127.0.0.0/8' });
    assert.deepEqual(named.egress.allowedRanges, ['127.0.0.0/8']);
  });

  it('refuses what contradicts itself', () => {
    assertProblems({ COLLOQUY_DATABASE_ADMIN_URL: external.DATABASE_URL }, [
      'COLLOQUY_DATABASE_ADMIN_URL is only for ',
    ]);
    assertProblems({ COLLOQUY_NODE_HEARTBEAT_MS: '2000' }, ['COLLOQUY_NODE_FENCE_AFTER_MS must be at least twice ']);
    assertProblems({ COLLOQUY_NODE_FENCE_AFTER_MS: '5000' }, ['COLLOQUY_NODE_DEAD_AFTER_MS must be more than ']);
  });

  it('keeps data where the system keeps that of a user', () => {
    assert.equal(read({}).dataDir, join(homedir(), '.local', 'share', 'colloquy'));
    assert.equal(read({ XDG_DATA_HOME: '/data' }).dataDir, '/data/colloquy');
    assert.equal(read({ XDG_DATA_HOME: '/data' }, true).dataDir, '/var/lib/colloquy');
    assert.equal(read({ XDG_DATA_HOME: '/data', COLLOQUY_DATA_DIR: '/mine' }, true).dataDir, '/mine');
  });
});
