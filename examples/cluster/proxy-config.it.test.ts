/** Guarantee: the proxy configurations that are shipped are ones that the proxies take, and are what the cluster of one machine runs. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { argumentsOf, findProxy } from './proxy.ts';
import { proxyConfig, proxyKinds, shippedConfig } from './proxy-config.ts';
import type { ProxyKind } from './proxy-config.ts';

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
