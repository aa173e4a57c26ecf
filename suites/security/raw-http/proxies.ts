import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimPort } from '@colloquy/testkit';

/** A reverse proxy in front of a platform. It gives every request that it forwards an id of its own. */
export interface Proxy extends AsyncDisposable {
  readonly name: string;
  readonly port: number;
  /** What the ids of requests that it forwarded look like. */
  readonly idShape: RegExp;
}

interface ProxyKind {
  readonly name: string;
  readonly idShape: RegExp;
  readonly configuration: (at: { readonly port: number; readonly upstream: number; readonly folder: string }) => string;
  readonly arguments: (file: string, folder: string) => readonly string[];
}

/** Few connections to the platform, kept for the next client: bytes left over on one would reach another client. */
const kinds: readonly ProxyKind[] = [
  {
    name: 'nginx',
    idShape: /^[0-9a-f]{32}$/,
    configuration: ({
      port,
      upstream,
      folder,
    }) => `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log crit;
events { worker_connections 512; }
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  upstream platform { server 127.0.0.1:${String(upstream)}; keepalive 2; }
  server {
    listen 127.0.0.1:${String(port)}; keepalive_requests 100000; underscores_in_headers on; ignore_invalid_headers off; large_client_header_buffers 8 64k;
    location / {
      proxy_pass http://platform; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; proxy_set_header X-Request-Id $request_id;
      proxy_request_buffering off; proxy_next_upstream off;
    }
  }
}
`,
    arguments: (file, folder) => ['-c', file, '-p', folder],
  },
  {
    name: 'haproxy',
    idShape: /^[0-9a-f]{8}-[0-9a-f-]{27}$/,
    configuration: ({ port, upstream }) => `global
  maxconn 512
defaults
  mode http
  timeout connect 2s
  timeout client 5s
  timeout server 5s
  http-reuse always
frontend front
  bind 127.0.0.1:${String(port)}
  http-request set-header X-Request-Id %[uuid]
  default_backend platform
backend platform
  server one 127.0.0.1:${String(upstream)} pool-max-conn 2
`,
    arguments: (file) => ['-db', '-q', '-f', file],
  },
];

export const proxyNames: readonly string[] = kinds.map(({ name }) => name);

/** Starts the proxies that this machine has. The others are named in `missing`. */
export async function startProxies(
  upstream: number,
): Promise<{ proxies: readonly Proxy[]; missing: readonly string[] }> {
  const there = kinds.filter(({ name }) => isInstalled(name));
  const missing = kinds.filter((kind) => !there.includes(kind)).map(({ name }) => name);
  const proxies: Proxy[] = [];
  for (const kind of there) proxies.push(await startProxy(kind, upstream));
  return { proxies, missing };
}

function isInstalled(name: string): boolean {
  return spawnSync(programOf(name), ['-v'], { stdio: 'ignore' }).status === 0;
}

/** Debian keeps servers out of the path of ordinary users. */
function programOf(name: string): string {
  return `/usr/sbin/${name}`;
}

async function startProxy(kind: ProxyKind, upstream: number): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), `colloquy-${kind.name}-`));
  const port = await claimPort();
  const file = join(folder, 'proxy.conf');
  await writeFile(file, kind.configuration({ port, upstream, folder }));
  const child = spawn(programOf(kind.name), kind.arguments(file, folder), { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let attempt = 0; attempt < 100 && !(await answers(port)); attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${kind.name} does not start; see ${file}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    name: kind.name,
    port,
    idShape: kind.idShape,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
