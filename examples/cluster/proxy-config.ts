import { readFileSync } from 'node:fs';

/** The proxies that the cluster knows how to run. */
export const proxyKinds = ['haproxy', 'nginx'] as const;
export type ProxyKind = (typeof proxyKinds)[number];

/** A process behind the proxy. */
export interface Backend {
  readonly port: number;
  /** Where it answers `/ready`. */
  readonly opsPort: number;
  /** Nothing is sent to it; only nginx has to be told. */
  readonly isDown?: boolean;
}

const fileNames: Readonly<Record<ProxyKind, string>> = { haproxy: 'haproxy.cfg', nginx: 'nginx.conf' };

/** The example that is shipped with the documentation. */
export const shippedConfig = (kind: ProxyKind): string =>
  readFileSync(new URL(`../../docs/operations/proxies/${fileNames[kind]}`, import.meta.url), 'utf8');

/** The shipped example with the addresses of one machine in the place of its own, and nothing else changed. */
export function proxyConfig(kind: ProxyKind, port: number, backends: readonly Backend[]): string {
  const host = '127.0.0.1';
  if (kind === 'haproxy') {
    const servers = backends.map(
      (backend, at) => `    server gateway-${at + 1} ${host}:${backend.port} port ${backend.opsPort}`,
    );
    return replaced(shippedConfig(kind), { listen: /^ {4}bind .*$/m, servers: /(?:^ {4}server .*\n)+/m }, [
      `    bind ${host}:${port}`,
      servers,
    ]);
  }
  const servers = backends.map(
    ({ port: at, isDown }) => `        server ${host}:${at} max_fails=0${isDown === true ? ' down' : ''};`,
  );
  return replaced(shippedConfig(kind), { listen: /^ {8}listen .*$/m, servers: /(?:^ {8}server .*\n)+/m }, [
    `        listen ${host}:${port};`,
    servers,
  ]);
}

function replaced(
  example: string,
  places: { readonly listen: RegExp; readonly servers: RegExp },
  [listen, servers]: readonly [string, readonly string[]],
): string {
  for (const place of Object.values(places))
    if (!place.test(example)) throw new Error('the example has changed its form');
  return example.replace(places.listen, listen).replace(places.servers, `${servers.join('\n')}\n`);
}
