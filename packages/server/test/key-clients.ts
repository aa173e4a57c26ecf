import { factCipher } from '../src/adapters/audit/index.ts';
import { createSubjectKeyStore } from '../src/adapters/postgres/audit/subject-key-store.ts';
import { createPersonalFacts } from '../src/modules/audit/index.ts';
import { createSystemRandom } from '../src/adapters/clock/system-clock.ts';
import { clientKeyReader, KeyVault } from '../src/adapters/keys/index.ts';
import { createClientAuthorityStore } from '../src/adapters/postgres/access/client-authority-store.ts';
import { createClientSecretStore } from '../src/adapters/postgres/access/client-secret-store.ts';
import { createIdSource } from '../src/kernel/ids.ts';
import { platformKey } from './access-platform-fixture.ts';
import type { AccessProcess } from './access-platform-fixture.ts';

/** What the use cases about a client's keys, certificates and secrets need, as a process of the platform has it. */
export function clientMeansPorts({ clients, clock, pool }: AccessProcess) {
  const random = createSystemRandom();
  const secrets = new KeyVault(platformKey);
  return {
    clients,
    random,
    ids: createIdSource(clock, random),
    secrets,
    personal: createPersonalFacts({ keys: createSubjectKeyStore(pool), secretBox: secrets, cipher: factCipher }),
    clientKeys: clientKeyReader,
    clientSecrets: createClientSecretStore(pool),
    authorities: createClientAuthorityStore(pool),
  };
}
