/** Guarantee: the proxy configurations that are shipped are ones that the proxies take, and are what the cluster of one machine runs. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { claimPort } from '@colloquy/testkit';
import { argumentsOf, findProxy, startProxy } from './proxy.ts';
import type { FoundProxy } from './proxy.ts';
import { proxyConfig, proxyKinds, shippedConfig } from './proxy-config.ts';
import type { ProxyKind } from './proxy-config.ts';

/** The platform takes 16 KiB of head fields, and answers with what it was sent in the address that it leads back to. */
const headChars = 15_000;
const backends = [
  { port: 20_001, opsPort: 20_002 },
  { port: 20_003, opsPort: 20_004, isDown: true },
];

for (const kind of proxyKinds) describe(kind, () => testConfig(kind));

function testConfig(kind: ProxyKind): void {
  const found = findProxy([kind]);

  it(
    'takes the shipped configuration, and that of one machine',
    { skip: found === undefined && `needs ${kind}` },
    () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'colloquy-proxy-'));
      try {
        for (const text of [shippedConfig(kind), proxyConfig(kind, 20_000, backends)]) {
          const file = path.join(folder, 'config');
          writeFileSync(file, text);
          const check = kind === 'haproxy' ? '-c' : '-t';
          execFileSync(found?.program ?? '', [check, ...argumentsOf(kind, folder, file)], { stdio: 'pipe' });
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );

  const skip = found === undefined && `needs ${kind}`;

  it('carries heads as long as those of the platform', { skip }, () =>
    behindProxy(found ?? assert.fail(), async (url) => {
      const words = 'w'.repeat(headChars);
      const answer = await fetch(url, { headers: { 'x-words': words } });
      assert.deepEqual([answer.status, answer.headers.get('x-words')?.length], [200, headChars]);
    }),
  );

  it('lets no caller say by itself where it comes from and who it is', { skip }, () =>
    behindProxy(found ?? assert.fail(), async (url) => {
      const lies = { forwarded: 'for=lie', 'x-forwarded-proto': 'lie', 'x-forwarded-for': 'lie' };
      const answer = await fetch(url, { headers: { ...lies, 'client-cert': ':lie:', 'client-cert-chain': ':lie:' } });
      const heard = await answer.text();
      assert.match(heard, /"x-forwarded-for":"127\.0\.0\.1"/);
      assert.match(heard, /"x-forwarded-proto":"http"/);
      assert.doesNotMatch(heard, /lie/);
    }),
  );

  it('runs the shipped configuration on one machine, with other addresses', () => {
    const own = proxyConfig(kind, 20_000, backends).split('\n');
    const shipped = shippedConfig(kind).split('\n');
    const changed = own.filter((line) => !shipped.includes(line));
    assert.equal(changed.length, 1 + backends.length, changed.join('\n'));
    assert.ok(changed.every((line) => line.includes('127.0.0.1:2000')));
    assert.ok(!own.some((line) => line.includes('10.0.0.')));
    assert.equal(
      changed.some((line) => line.endsWith(' down;')),
      kind === 'nginx',
    );
  });
}

/** A proxy before a process that answers with the head fields that it was sent. */
async function behindProxy(found: FoundProxy, ask: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(({ headers }, response) => {
    response.setHeader('x-words', String(headers['x-words']));
    response.end(JSON.stringify({ ...headers, 'x-words': '' }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const behind = typeof address === 'object' && address !== null ? address.port : assert.fail();
  const folder = mkdtempSync(path.join(tmpdir(), 'colloquy-proxy-'));
  const port = await claimPort();
  const proxy = await startProxy({ ...found, port, folder, backends: [{ port: behind, opsPort: behind }] });
  try {
    await ask(proxy.url);
  } finally {
    await proxy.stop();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
