import type { Metrics } from '../adapters/telemetry/index.ts';
import type { Config } from '../config/config.ts';
import type { ByteBudget } from '../kernel/byte-budget.ts';
import type { Clock } from '../kernel/clock.ts';
import type { IdSource } from '../kernel/ids.ts';
import type { Random } from '../kernel/random.ts';
import type { OwnIssuers } from '../modules/access/index.ts';
import type { Log } from '../surfaces/http/index.ts';
import type { Database } from './database.ts';

/** What every part of a process builds on. */
export interface Foundation {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The bytes that this process holds for its tenants. */
  readonly budget: ByteBudget;
  /** Where clients find the platform; also the issuer and the audience of its tokens. */
  readonly publicUrl: string;
  /** The issuers whose tokens are ours. */
  readonly issuers: OwnIssuers;
}

/** What parts need that serve no address and count nothing. */
export type NodeFoundation = Omit<Foundation, 'metrics' | 'publicUrl' | 'issuers'>;
