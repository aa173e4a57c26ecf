import type { Config, GrpcConfig } from '../config/config.ts';
import type { GrpcServer } from '../surfaces/grpc/index.ts';

/** Where the gRPC surface is, once it listens. Cards and the egress guard ask at each use. */
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
    const host = this.#config.grpc?.host ?? '';
    return this.#port === null ? null : `${host.includes(':') ? `[${host}]` : host}:${this.#port}`;
  }

  /** `host:port` for the cards. A platform behind a public URL says only what it was told: its own address means nothing outside. */
  get cardAddress(): string | null {
    if (this.#port === null) return null;
    return this.#config.grpc?.publicAddress ?? (this.#config.publicUrl === null ? this.localAddress : null);
  }

  /** Listens at the wished port, or at a free one when it is only a wish and busy. */
  async listen(server: GrpcServer, { host, port, isPortFixed }: GrpcConfig): Promise<void> {
    try {
      this.#port = await server.listen({ host, port });
    } catch (error) {
      if (isPortFixed) throw error;
      this.#port = await server.listen({ host, port: 0 });
    }
  }
}
