/** Guarantee (T16): nothing in the server opens a connection but the guarded way out, its databases, and its own listeners. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const source = join(import.meta.dirname, '../src');
const files = globSync('**/*.ts', { cwd: source }).filter((file) => !file.endsWith('.test.ts'));

/** The files that may import values from a module that reaches the network. None connects unguarded to an address of a tenant. */
const homes: Readonly<Record<string, readonly string[]>> = {
  undici: [
    'adapters/upstream/agent-pools.ts',
    'adapters/upstream/guarded-connector.ts',
    'adapters/upstream/guarded-fetch.ts',
    'adapters/upstream/instance-prober.ts',
    'adapters/upstream/openai-chooser.ts',
    'adapters/webhooks/webhook-caller.ts',
  ],
  // The name resolution that is judged.
  'node:dns': ['adapters/upstream/egress-guard.ts'],
  'node:dgram': [],
};
/** Names that open connections, in modules that also listen and parse addresses. */
const connecting = /\b(?:connect|createConnection|request|get|lookup|resolve[46]?|Agent|Socket|TLSSocket)\b/;
const networkModule = /^node:(?:http|https|http2|net|tls|dns|dns\/promises|dgram)$/;
const imported = /import (?!type\b)(?:\{([^}]*)\}|(\w+)|\* as (\w+)) from '([^']+)'/g;

describe('the way out', () => {
  it('is opened only by the guarded files', () => {
    const outsiders = files.flatMap((file) =>
      [...readFileSync(join(source, file), 'utf8').matchAll(imported)]
        .map(([, names = '', whole = '', , from = '']) => ({ names: names + whole, from }))
        .filter(({ from }) => from in homes && !(homes[from] ?? []).includes(file))
        .map(({ from }) => `${file} imports ${from}`),
    );
    assert.deepEqual(outsiders, []);
  });

  it('is the only one: no other file imports a name that opens connections', () => {
    const known = [
      // The guard, and the certificate check that it judges before and after connecting.
      'adapters/upstream/egress-guard.ts',
      'adapters/upstream/key-pin.ts',
      'adapters/upstream/probe-endpoint.ts',
      // Connections that others have opened to us.
      'surfaces/grpc/call-internals.ts',
      'surfaces/http/',
    ];
    const outsiders = files
      .filter((file) => !known.some((place) => file.startsWith(place)))
      .flatMap((file) =>
        [...readFileSync(join(source, file), 'utf8').matchAll(imported)]
          .filter(([, names = '', , , from = '']) => networkModule.test(from) && connecting.test(names))
          .map(([line]) => `${file}: ${line}`),
      );
    assert.deepEqual(outsiders, []);
  });

  it('is not gone around with the globals of the platform below', () => {
    const globals = /(?<![.\w#])(?:fetch|WebSocket|EventSource)\s*\(/;
    const outsiders = files.filter((file) => globals.test(readFileSync(join(source, file), 'utf8')));
    assert.deepEqual(outsiders, []);
  });

  it('has a guard at each of its places', () => {
    for (const file of [...(homes['undici'] ?? []), 'adapters/upstream/probe-endpoint.ts']) {
      assert.match(readFileSync(join(source, file), 'utf8'), /connectorFor|checkRemote/, file);
    }
  });
});
