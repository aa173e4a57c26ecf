/**
 * Guarantee: no URL that a tenant writes makes the platform call itself, its network, or a cloud's metadata service, however the
 * URL is spelled and whatever its name resolves to later.
 */
import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import { isIP } from 'node:net';
import { describe, it } from 'node:test';
import { Client } from 'undici';
import { PlatformError } from '../../kernel/errors.ts';
import { EgressGuard } from './egress-guard.ts';
import type { EgressPolicy, ResolveHost } from './egress-guard.ts';

const closed: EgressPolicy = { allowedRanges: [], allowedHosts: [], ownPorts: () => new Set(), ownAddresses: () => [] };
const laptop: EgressPolicy = { ...closed, allowedRanges: ['127.0.0.0/8', '::1/128'], ownPorts: () => new Set([8080]) };

const resolvingTo =
  (...addresses: readonly string[]): ResolveHost =>
  (_host, done) =>
    done(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

const isRefusalWith =
  (details: object) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof PlatformError);
    assert.equal(error.code, 'egress.refused');
    assert.deepEqual(error.details, details);
    assert.doesNotMatch(error.message, /\d+\.\d+|::/);
    return true;
  };

const isRefusal = isRefusalWith({});

/** Refused by every policy: no operator can mean them. */
const neverCalled: readonly string[] = [
  '',
  'http',
  'https://',
  '//agent.example/a2a',
  'agent.example',
  '/a2a',
  'https:agent.example:x',
  'file:///etc/passwd',
  'gopher://127.0.0.1:70/1',
  'ftp://agent.example/',
  'data:application/json,{}',
  'ws://agent.example/',
  'blob:https://agent.example/1',
  'FILE:///etc/passwd',
  'javascript:alert(1)',
  'unix:/run/docker.sock',
  'https://user@agent.example/',
  'https://user:pass@agent.example/',
  'https://@agent.example/',
  'https://agent.example@127.0.0.1/',
  'https://agent.example#@127.0.0.1/',
  'https://agent.example/#x',
  'https://127.0.0.1\\@agent.example/',
  'https://agent.example\\a',
  'https://agent.\texample/',
  'https://agent.example/\n',
  ' https://agent.example/',
  'https://a b.example/',
  'https://agent.example:65536/',
  'https://agent.example:-1/',
  'http://0.0.0.0/',
  'http://0/',
  'http://0x0/',
  'http://[::]/',
  'http://[0:0:0:0:0:0:0:0]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0251.0376.0251.0376/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fd00:ec2::254]/',
  'http://168.63.129.16/',
  'http://100.100.100.200/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[64:ff9b:1::1]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:7f00:1::]/',
  'http://[ff02::1]/',
  'http://[fe80::1%25eth0]/',
  'http://224.0.0.1/',
  'http://239.255.255.250:1900/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  `https://agent.example/${'a'.repeat(2048)}`,
];

/** Refused unless an operator allows their range. */
const privateByDefault: readonly string[] = [
  'http://127.0.0.1:9000/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://017700000001/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://127.000.000.001/',
  'http://127.0.0.1./',
  'http://127.255.255.254/',
  'https://127.0.0.1/',
  'http://\uff11\uff12\uff17.0.0.1/',
  'http://127\u30020\u30020\u30021/',
  'http://\u2460\u2461\u2466.0.0.1/',
  'HTTP://127.0.0.1/',
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[0000::0001]/',
  'https://[::1]:8443/',
  'http://10.0.0.1/',
  'http://10.255.255.255/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://169.254.1.1/',
  'http://192.0.0.8/',
  'http://192.0.2.1/',
  'http://198.18.0.1/',
  'http://198.19.255.255/',
  'http://198.51.100.7/',
  'http://203.0.113.9/',
  'http://192.88.99.1/',
  'https://10.1.2.3/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
  'http://[fc00::1]/',
  'http://[fd12:3456::1]/',
  'http://[2001:db8::1]/',
  'http://[3fff::1]/',
  'http://localhost/',
  'http://LOCALHOST:3000/',
  'http://localhost./',
  'http://app.localhost/',
  'https://localhost/',
  'https://metadata.google.internal/',
  'https://db.internal/',
  'https://printer.local/',
  'https://router.lan/',
];

describe('egress guard', () => {
  for (const url of [...neverCalled, ...privateByDefault]) {
    it(`refuses ${JSON.stringify(url.slice(0, 70))}`, () => {
      assert.throws(() => new EgressGuard(closed).checkUrl(url), isRefusal);
      assert.throws(() => new EgressGuard(closed).checkUrl(url.replace(/^http:/i, 'https:')), isRefusal);
    });
  }

  for (const url of neverCalled) {
    it(`refuses ${JSON.stringify(url.slice(0, 70))} also when every range is allowed`, () => {
      const open = { ...closed, allowedRanges: ['0.0.0.0/0', '::/0'] };
      assert.throws(() => new EgressGuard(open).checkUrl(url), isRefusal);
    });
  }

  for (const port of [0, 22, 25, 5432, 6379]) {
    it(`names the port as the reason where it refuses port ${String(port)}, whatever the host and the policy`, () => {
      const open = { ...closed, allowedRanges: ['0.0.0.0/0', '::/0'] };
      for (const policy of [closed, open])
        for (const host of ['agent.example', '10.0.0.1', 'localhost'])
          assert.throws(
            () => new EgressGuard(policy).checkUrl(`https://${host}:${String(port)}/`),
            isRefusalWith({ cause: 'port' }),
          );
    });
  }

  it('names the port as the reason where the operator allows others only', () => {
    const guard = new EgressGuard({ ...closed, allowedPorts: ['443', '8000-8999'] });
    assert.throws(() => guard.checkUrl('https://agent.example:9000/'), isRefusalWith({ cause: 'port' }));
    assert.equal(guard.checkUrl('https://agent.example:8443/').port, '8443');
  });

  it('lets public agents be called over TLS only', () => {
    const guard = new EgressGuard(closed);
    for (const url of [
      'https://agent.example/a2a',
      'https://93.184.216.34/',
      'https://[2606:4700::1111]:8443/x?y=z',
      'HTTPS://Agent.Example',
    ]) {
      assert.match(guard.checkUrl(url).protocol, /^https:$/);
    }
    for (const url of ['http://agent.example/', 'http://93.184.216.34/', 'http://[2606:4700::1111]/']) {
      assert.throws(() => guard.checkUrl(url), isRefusal);
    }
  });

  it('lets a laptop call its own agents, but not itself', async () => {
    const guard = new EgressGuard(laptop, resolvingTo('127.0.0.1', '::1'));
    for (const url of ['http://127.0.0.1:9000/', 'http://[::1]:9000/', 'http://localhost:9000/'])
      await reach(guard, url);
    for (const url of ['http://127.0.0.1:8080/', 'http://127.9.9.9:8080/', 'http://[::1]:8080/']) {
      await assert.rejects(reach(guard, url), {
        code: 'egress.refused',
        message: 'This is an address of the platform itself, which it does not call.',
        details: { cause: 'own-address' },
      });
    }
    await assert.rejects(reach(guard, 'http://localhost:8080/'), isRefusal, 'nothing is said of what a name leads to');
    const ofNoRange = new EgressGuard({ ...laptop, allowedRanges: [] });
    assert.throws(() => ofNoRange.checkUrl('http://127.0.0.1:8080/'), isRefusal, 'nor of a network that is closed');
    assert.throws(() => guard.checkUrl('http://10.0.0.1/'), isRefusal);
  });

  it('does not call itself by a name or another address of the machine', async () => {
    const policy = { ...laptop, allowedRanges: ['10.0.0.0/8'], ownAddresses: () => ['10.1.1.1', '93.184.216.34'] };
    await assert.rejects(reach(new EgressGuard(policy, resolvingTo('10.1.1.1')), 'http://me.example:8080/'), isRefusal);
    assert.throws(() => new EgressGuard(policy).checkUrl('https://93.184.216.34:8080/'), isRefusal);
    await reach(new EgressGuard(policy, resolvingTo('10.1.1.2')), 'http://other.example:8080/');
  });

  it('lets an operator allow a host by its name and nothing beside it', async () => {
    const guard = new EgressGuard({ ...closed, allowedHosts: ['Echo-Agent'] }, resolvingTo('172.18.0.5'));
    await reach(guard, 'http://echo-agent:9000/a2a');
    await assert.rejects(reach(guard, 'http://echo-agent.evil.example/'), isRefusal);
    await assert.rejects(reach(guard, 'https://other-agent/'), isRefusal);
  });

  it('refuses a name when any of its addresses is private', async () => {
    for (const addresses of [
      ['93.184.216.34', '10.0.0.1'],
      ['::1'],
      ['::ffff:127.0.0.1'],
      ['fe80::1%lo'],
      ['169.254.169.254'],
    ]) {
      const guard = new EgressGuard(closed, resolvingTo(...addresses));
      await assert.rejects(reach(guard, 'https://rebind.example/'), isRefusal, addresses.join());
      await assert.rejects(connect(guard, 'https://rebind.example/'), isRefusal, addresses.join());
    }
  });

  it('refuses a name with more addresses than anyone needs', async () => {
    const guard = new EgressGuard(closed, resolvingTo(...Array.from({ length: 65 }, (_, at) => `93.184.216.${at}`)));
    await assert.rejects(connect(guard, 'https://many.example/'), isRefusal);
  });

  it('judges the name anew at each connection and reaches nothing after a rebinding', async () => {
    await using canary = await startCanary();
    const answers = ['93.184.216.34', '127.0.0.1'];
    const guard = new EgressGuard(closed, (host, done) => resolvingTo(answers.shift() ?? '127.0.0.1')(host, done));
    const url = `https://rebind.example:${canary.port}/`;
    await reach(guard, url);
    await assert.rejects(connect(guard, url), isRefusal);
    assert.equal(canary.connections(), 0);
  });

  it('connects to the address that was judged', async () => {
    await using canary = await startCanary();
    const guard = new EgressGuard(laptop, resolvingTo('127.0.0.1'));
    assert.equal(await connect(guard, `http://anything.example:${canary.port}/`), 200);
    assert.equal(canary.connections(), 1);
  });

  it('refuses to start with a range that is none', () => {
    for (const range of [
      '10.0.0.0/33',
      'localhost',
      '10.0.0/8',
      '::1/129',
      '10.0.0.0/x',
      '10.0.0.0/',
      '10.0.0.0/8/9',
      '',
    ]) {
      assert.throws(() => new EgressGuard({ ...closed, allowedRanges: [range] }), TypeError, range);
    }
  });
});

/** Judges the URL and what its name leads to, as each connection does, and connects to nothing. */
async function reach(guard: EgressGuard, text: string): Promise<void> {
  const url = guard.checkUrl(text);
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return;
  await new Promise<void>((resolve, reject) => {
    guard.lookupFor(url)(host, { all: true }, (error) => (error === null ? resolve() : reject(error)));
  });
}

async function connect(guard: EgressGuard, text: string): Promise<number> {
  const url = guard.checkUrl(text);
  const client = new Client(url.origin, { connect: { lookup: guard.lookupFor(url) } });
  try {
    return (await client.request({ path: '/', method: 'GET' })).statusCode;
  } finally {
    await client.destroy();
  }
}

async function startCanary(): Promise<AsyncDisposable & { port: number; connections: () => number }> {
  let connections = 0;
  const server = createServer((_request, response) => response.end('{}'));
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return {
    port: address.port,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
