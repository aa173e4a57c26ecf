import { chainProofs } from '../../adapters/audit/index.ts';
import { createIssuerExaminer } from '../../adapters/issuers/index.ts';
import { cardVerifier, clientKeyReader } from '../../adapters/keys/index.ts';
import { allowanceReader } from '../../adapters/upstream/allowance-reader.ts';
import { createEvenFailures } from '../../adapters/upstream/even-failures.ts';
import { createCardSource } from '../../adapters/upstream/fetch-card.ts';
import { createIssuerDocuments } from '../../adapters/upstream/fetch-document.ts';
import { createEndpointProber } from '../../adapters/upstream/probe-endpoint.ts';
import { limits } from '../../kernel/limits.ts';
import { changingStores } from '../data-plane/registry-cache.ts';
import { checkpointKey } from '../duties/seal-duty.ts';
import type { Parts } from '../parts.ts';
import { createControlStores } from './control-stores.gen.ts';
import { personalFacts } from './keys.ts';

/** What the use cases of the admin API and of discovery need. */
export function adminPorts(parts: Parts) {
  const { clock, config, database, ids, random } = parts.foundation;
  return {
    ...createControlStores(database.readers),
    allowances: allowanceReader,
    dataKeyMaker: parts.keys.dataKeyMaker,
    secretBox: parts.keys.secretBox,
    ...auditPorts(parts),
    ...credentialPorts(parts),
    ...agentPorts(parts),
    probeIntervalMs: config.probeIntervalMs,
    health: parts.duties.instances.store,
    ...taskPorts(parts),
    random,
    isChallengingReceivers: config.push.isChallenging,
    clock,
    ids,
    defaultPriceMicrocredits: config.defaultPriceMicrocredits,
  };
}

/** What reads, proves and erases audit entries. */
function auditPorts({ foundation, keys }: Parts) {
  const { database } = foundation;
  return {
    proofs: chainProofs,
    auditKey: checkpointKey(keys.vault).jwk,
    personal: personalFacts(database, keys.secretBox),
  };
}

function credentialPorts({ foundation, keys, guards, authentication }: Parts) {
  const { clock, issuers } = foundation;
  return {
    ownIssuers: issuers,
    clients: authentication.clients,
    signingKeys: keys.ring,
    secrets: keys.vault,
    clientKeys: clientKeyReader,
    issuerExaminer: createIssuerExaminer({
      documents: createIssuerDocuments(guards),
      checkAddress: (url, tenantId) => guards.checkAddress(url, tenantId),
      failures: createEvenFailures(clock),
      clock,
    }),
  };
}

function agentPorts({ foundation, guards, dataPlane, certificates }: Parts) {
  const { database, clock } = foundation;
  const failures = createEvenFailures(clock);
  return {
    ...changingStores(database, dataPlane.registryCache),
    searches: dataPlane.registryCache.searches,
    cards: createCardSource({ guards, bounds: limits, failures }),
    cardVerifier,
    schemas: dataPlane.schemas,
    addresses: guards,
    prober: createEndpointProber({ guards, bounds: limits, failures }),
    listenerCertificates: () => certificates.shown,
  };
}

function taskPorts({ dataPlane }: Parts) {
  return {
    signing: dataPlane.webhooks.sender,
    limits: dataPlane.limits.store,
    rateDefaults: dataPlane.limits.rateDefaults,
    cachePolicies: dataPlane.results.policies,
    knownCachePolicies: dataPlane.results.known,
  };
}
