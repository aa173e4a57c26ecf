import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import { createIdSource } from '../kernel/ids.ts';
import type { Random } from '../kernel/random.ts';
import { createOperator } from '../modules/access/index.ts';
import { createOAuthClientStore } from '../adapters/postgres/access/oauth-client-store.ts';
import { createTenantStore } from '../adapters/postgres/tenancy/tenant-store.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import { openDatabase } from './database.ts';
import { openKeyVault, personalFacts, platformKeyReader } from './control-plane/keys.ts';
import type { Log } from '../surfaces/http/index.ts';

/** The tenant of the operators, with nothing else; its slug is reserved. */
const operatorsTenant = { slug: 'system', name: 'Operators of the platform' };

export interface OperatorOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Creates an operator. Its secret is returned once and stored nowhere. Throws `access.client-exists` when the name is taken. */
export async function initOperator(
  options: OperatorOptions,
): Promise<{ readonly clientId: string; readonly clientSecret: string }> {
  const { config, secrets, clock, random, log } = options;
  const readKeys = platformKeyReader(config, secrets);
  // A key that cannot be used fails before the database starts.
  await readKeys();
  const database = await openDatabase(config, secrets, log, () => undefined);
  try {
    const ids = createIdSource(clock, random);
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
