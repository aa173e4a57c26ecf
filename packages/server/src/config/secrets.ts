import type { Env } from './env.ts';

/** What must not be shown: kept apart from the configuration, so that a dump of that is safe. */
export interface Secrets {
  /** The platform's own connection; null with the embedded database. */
  readonly databaseUrl: string | null;
  /** For migrations; the platform's own connection when it is the only one. */
  readonly databaseAdminUrl: string | null;
  /** Where processes share their rates; null for the database. */
  readonly redisUrl: string | null;
  /** Keys of 32 bytes as base64, the newest first; null when a file has them. */
  readonly secretKey: string | null;
  /** Private keys in PEM that sign tokens and cards, the newest first; null when they are kept elsewhere. */
  readonly signingKey: string | null;
  /** For the model that chooses among skills; null: it asks for none. */
  readonly routerModelKey: string | null;
}

export function secretsOf(env: Env): Secrets {
  return {
    databaseUrl: env.DATABASE_URL ?? null,
    databaseAdminUrl: env.COLLOQUY_DATABASE_ADMIN_URL ?? env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    secretKey: env.COLLOQUY_SECRET_KEY ?? null,
    signingKey: env.COLLOQUY_SIGNING_KEY ?? null,
    routerModelKey: env.COLLOQUY_ROUTER_MODEL_KEY ?? null,
  };
}
