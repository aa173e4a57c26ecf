import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import { createIdSource } from '../kernel/ids.ts';
import type { Random } from '../kernel/random.ts';
import { createOperator } from '../modules/access/index.ts';
import { createOAuthClientStore } from '../adapters/postgres/access/oauth-client-store.ts';
import { createSigningKeyStore } from '../adapters/postgres/access/signing-key-store.ts';
import { createTenantStore } from '../adapters/postgres/tenancy/tenant-store.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { openKeyVault, personalFacts, platformKeyReader } from './control-plane/keys.ts';
import type { Log } from '../surfaces/http/index.ts';

/** The tenant of the operators, with nothing else; its slug is reserved. */
const operatorsTenant = { slug: 'system', name: 'Operators of the platform' };

export interface OperatorOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly name: string;
  /** Ids of the signing keys that a running platform shows, for which the operator is meant; empty: none is known to run. */
  readonly servedKeys?: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Whether `initOperator` made an operator in this database. */
export async function hasOperator(database: Database): Promise<boolean> {
  return (await createTenantStore(database.readers).find(operatorsTenant.slug)) !== null;
}

/** The running platform that the operator is meant for uses another database. */
export class OtherDataError extends Error {
  override readonly name = 'OtherDataError';
}

/**
 * Creates an operator. Its secret is returned once and stored nowhere. Throws `access.client-exists` when the name is taken, and an
 * OtherDataError, before it creates anything, when the database has none of the keys that the running platform shows.
 */
export async function initOperator(
  options: OperatorOptions,
): Promise<{ readonly clientId: string; readonly clientSecret: string }> {
  const { config, secrets, clock, random, log, servedKeys = [] } = options;
  const isEmbedded = config.database.kind === 'embedded';
  // A folder without a database is not the one of a running platform; none is made in it.
  if (servedKeys.length > 0 && isEmbedded && !existsSync(join(config.dataDir, 'cluster'))) throw new OtherDataError();
  const readKeys = platformKeyReader(config, secrets);
  // A key that cannot be used fails before the database starts.
  await readKeys();
  const database = await openDatabase(config, secrets, log, () => undefined);
  try {
    const ids = createIdSource(clock, random);
    const ownKeys = new Set((await createSigningKeyStore(database.readers).listFacts()).map(({ kid }) => kid));
    if (servedKeys.length > 0 && !servedKeys.some((kid) => ownKeys.has(kid))) throw new OtherDataError();
    const { vault } = await openKeyVault({ database, clock, ids }, readKeys);
    const tenants = createTenantStore(database.readers);
    const requestId = ids.next('req');
    const origin = { entryId: ids.next('ent'), actorId: 'platform', requestId };
    await tenants.create({ id: ids.next('tnt'), ...operatorsTenant }, origin);
    const tenant = await tenants.find(operatorsTenant.slug);
    if (tenant === null) throw new PlatformError('tenancy.tenant-unknown');
    const clients = createOAuthClientStore(database.readers);
    const ports = { clients, secrets: vault, random, ids, personal: personalFacts(database, vault) };
    const { client, clientSecret } = await createOperator(ports)({
      tenantId: tenant.id,
      name: options.name,
      requestId,
    });
    return { clientId: client.clientId, clientSecret };
  } finally {
    await database.stop();
  }
}
