import { chainProofs } from '../../adapters/audit/index.ts';
import { createIssuerExaminer } from '../../adapters/issuers/index.ts';
import { cardVerifier, clientKeyReader } from '../../adapters/keys/index.ts';
import { createClientAuthorityStore } from '../../adapters/postgres/access/client-authority-store.ts';
import { createClientSecretStore } from '../../adapters/postgres/access/client-secret-store.ts';
import { createGrantStore } from '../../adapters/postgres/access/grant-store.ts';
import { createSuspensionStore } from '../../adapters/postgres/access/suspension-store.ts';
import { createApiKeyStore } from '../../adapters/postgres/api-keys/api-key-store.ts';
import { createAuditArchive } from '../../adapters/postgres/audit/audit-archive.ts';
import { createAuditLog } from '../../adapters/postgres/audit/audit-log.ts';
import { createRetentionStore } from '../../adapters/postgres/audit/retention-store.ts';
import { createSubjectKeyStore } from '../../adapters/postgres/audit/subject-key-store.ts';
import { createDeliveryJournal } from '../../adapters/postgres/deliveries/delivery-journal.ts';
import { createEgressAllowanceStore } from '../../adapters/postgres/egress/egress-allowance-store.ts';
import { createExternalIssuerStore } from '../../adapters/postgres/federation/external-issuer-store.ts';
import { createTaskInspector } from '../../adapters/postgres/inspection/task-inspector.ts';
import { createInstanceStore } from '../../adapters/postgres/instances/instance-store.ts';
import { createProbePolicyStore } from '../../adapters/postgres/instances/probe-policy-store.ts';
import { createCreditLedgerStore } from '../../adapters/postgres/metering/credit-ledger-store.ts';
import { createPeopleStore } from '../../adapters/postgres/people/people-store.ts';
import { createEndpointCertificateStore } from '../../adapters/postgres/registry/endpoint-certificate-store.ts';
import { createPolicyStore } from '../../adapters/postgres/resilience/policy-store.ts';
import { createAgentRoutingStore } from '../../adapters/postgres/routing/agent-routing-store.ts';
import { createSecretRotationStore } from '../../adapters/postgres/secrets/secret-rotation-store.ts';
import { createSlaStore } from '../../adapters/postgres/sla/sla-store.ts';
import { createDelegationRuleStore } from '../../adapters/postgres/tasks/delegation-rule-store.ts';
import { createTenantStore } from '../../adapters/postgres/tenancy/tenant-store.ts';
import { createTrustStore } from '../../adapters/postgres/trust/trust-store.ts';
import { allowanceReader } from '../../adapters/upstream/allowance-reader.ts';
import { createEvenFailures } from '../../adapters/upstream/even-failures.ts';
import { createCardSource } from '../../adapters/upstream/fetch-card.ts';
import { createIssuerDocuments } from '../../adapters/upstream/fetch-document.ts';
import { createEndpointProber } from '../../adapters/upstream/probe-endpoint.ts';
import { limits } from '../../kernel/limits.ts';
import { changingStores } from '../data-plane/registry-cache.ts';
import { checkpointKey } from '../duties/seal-duty.ts';
import type { Parts } from '../parts.ts';
import { personalFacts } from './keys.ts';

/** What the use cases of the admin API and of discovery need. */
export function adminPorts(parts: Parts) {
  const { config, ids, random } = parts.foundation;
  return {
    ...tenantPorts(parts),
    ...auditPorts(parts),
    ...credentialPorts(parts),
    ...agentPorts(parts),
    ...instancePorts(parts),
    ...taskPorts(parts),
    random,
    ids,
    defaultPriceMicrocredits: config.defaultPriceMicrocredits,
  };
}

function tenantPorts({ foundation, keys }: Parts) {
  const { readers } = foundation.database;
  return {
    tenants: createTenantStore(readers),
    ledger: createCreditLedgerStore(readers),
    egress: createEgressAllowanceStore(readers),
    allowances: allowanceReader,
    rotations: createSecretRotationStore(readers),
    dataKeyMaker: keys.dataKeyMaker,
    secretBox: keys.secretBox,
  };
}

/** What reads, proves and erases audit entries. */
function auditPorts({ foundation, keys }: Parts) {
  const { database } = foundation;
  return {
    audit: createAuditLog(database.readers),
    archive: createAuditArchive(database.readers),
    retentions: createRetentionStore(database.readers),
    proofs: chainProofs,
    auditKey: checkpointKey(keys.vault).jwk,
    subjectKeys: createSubjectKeyStore(database.readers),
    personal: personalFacts(database, keys.secretBox),
  };
}

function credentialPorts({ foundation, keys, guards, authentication }: Parts) {
  const { readers } = foundation.database;
  const { clock } = foundation;
  return {
    clients: authentication.clients,
    people: createPeopleStore(readers),
    grants: createGrantStore(readers),
    suspensions: createSuspensionStore(readers),
    signingKeys: keys.ring,
    secrets: keys.vault,
    clientKeys: clientKeyReader,
    clientSecrets: createClientSecretStore(readers),
    authorities: createClientAuthorityStore(readers),
    apiKeys: createApiKeyStore(readers),
    issuers: createExternalIssuerStore(readers),
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
    trust: createTrustStore(database.readers),
    addresses: guards,
    prober: createEndpointProber({ guards, bounds: limits, failures }),
    endpointCertificates: createEndpointCertificateStore(database.readers),
    listenerCertificates: () => certificates.shown,
    agentRouting: createAgentRoutingStore(database.readers),
    policies: createPolicyStore(database.readers),
  };
}

function instancePorts({ foundation, duties }: Parts) {
  const { database, config } = foundation;
  return {
    instances: createInstanceStore(database.readers),
    probePolicies: createProbePolicyStore(database.readers),
    probeIntervalMs: config.probeIntervalMs,
    health: duties.instances.store,
  };
}

function taskPorts({ foundation, dataPlane }: Parts) {
  const { readers } = foundation.database;
  return {
    inspector: createTaskInspector(readers),
    delegationRules: createDelegationRuleStore(readers),
    sla: createSlaStore(readers),
    deliveries: createDeliveryJournal(readers),
    signing: dataPlane.webhooks.sender,
    limits: dataPlane.limits.store,
    rateDefaults: dataPlane.limits.rateDefaults,
    cachePolicies: dataPlane.results.policies,
    knownCachePolicies: dataPlane.results.known,
  };
}
