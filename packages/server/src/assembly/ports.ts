import type { Config, GrpcConfig } from '../config/config.ts';
import type { GrpcServer } from '../surfaces/grpc/index.ts';
import { reservePort } from './reserve-port.ts';
import type { ReservedPort } from './reserve-port.ts';

/** Where this process listens, and where clients find the platform. */
export interface Addresses {
  readonly http: ReservedPort;
  readonly ops: ReservedPort;
  readonly localUrl: string;
  readonly opsUrl: string;
  readonly publicUrl: string;
  /** Releases the reserved ports: the servers listen, or never will. */
  release(): Promise<void>;
}

/** The ports are known before the servers are built: tokens and cards name the address. */
export async function chooseAddresses(config: Config): Promise<Addresses> {
  const http = await reservePort(config.http);
  const ops = await reservePort(config.ops);
  const scheme = config.http.tls === null ? 'http' : 'https';
  const localUrl = `${scheme}://${inUrl(config.http.host)}:${String(http.port)}`;
  const opsUrl = `http://${inUrl(config.ops.host)}:${String(ops.port)}`;
  const release = async (): Promise<void> => void (await Promise.all([http.release(), ops.release()]));
  return { http, ops, localUrl, opsUrl, publicUrl: config.publicUrl ?? localUrl, release };
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** The port of the gRPC surface, once it listens. Cards and the egress guard read it at each use. */
export class GrpcPort {
  readonly #config: Config;
  #port: number | null = null;

  constructor(config: Config) {
    this.#config = config;
  }

  /** Null while it is off or does not listen yet. */
  get port(): number | null {
    return this.#port;
  }

  /** `host:port` on this machine. */
  get localAddress(): string | null {
    return this.#port === null ? null : `${inUrl(this.#config.grpc?.host ?? '')}:${this.#port}`;
  }

  /** `host:port` for the cards. Behind a public URL only a configured address is shown: the local one means nothing outside. */
  get cardAddress(): string | null {
    if (this.#port === null) return null;
    return this.#config.grpc?.publicAddress ?? (this.#config.publicUrl === null ? this.localAddress : null);
  }

  /** Listens at the configured port. When the configuration only prefers it and it is busy: at a free one. */
  async listen(server: GrpcServer, { host, port, isPortFixed }: GrpcConfig): Promise<void> {
    try {
      this.#port = await server.listen({ host, port });
    } catch (error) {
      if (isPortFixed) throw error;
      this.#port = await server.listen({ host, port: 0 });
    }
  }
}
