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
import { createExternalIssuerStore } from '../../adapters/postgres/issuers/external-issuer-store.ts';
import { createTaskInspector } from '../../adapters/postgres/inspection/task-inspector.ts';
import { createInstanceStore } from '../../adapters/postgres/instances/instance-store.ts';
import { createProbePolicyStore } from '../../adapters/postgres/instances/probe-policy-store.ts';
import { createCreditLedgerStore } from '../../adapters/postgres/metering/credit-ledger-store.ts';
import { createPeopleStore } from '../../adapters/postgres/people/people-store.ts';
import type { DatabasePool } from '../../adapters/postgres/pool.ts';
import { createEndpointCertificateStore } from '../../adapters/postgres/registry/endpoint-certificate-store.ts';
import { createPolicyStore } from '../../adapters/postgres/resilience/policy-store.ts';
import { createAgentRoutingStore } from '../../adapters/postgres/routing/agent-routing-store.ts';
import { createSecretRotationStore } from '../../adapters/postgres/secrets/secret-rotation-store.ts';
import { createSlaStore } from '../../adapters/postgres/sla/sla-store.ts';
import { createDelegationRuleStore } from '../../adapters/postgres/tasks/delegation-rule-store.ts';
import { createTenantStore } from '../../adapters/postgres/tenancy/tenant-store.ts';
import { createTrustStore } from '../../adapters/postgres/trust/trust-store.ts';

/** The stores of the control plane that need nothing but the database. A port of the admin API that is missing here is one that the compiler names. */
export function createControlStores(pool: DatabasePool) {
  return {
    agentRouting: createAgentRoutingStore(pool),
    apiKeys: createApiKeyStore(pool),
    archive: createAuditArchive(pool),
    audit: createAuditLog(pool),
    authorities: createClientAuthorityStore(pool),
    clientSecrets: createClientSecretStore(pool),
    delegationRules: createDelegationRuleStore(pool),
    deliveries: createDeliveryJournal(pool),
    egress: createEgressAllowanceStore(pool),
    endpointCertificates: createEndpointCertificateStore(pool),
    grants: createGrantStore(pool),
    inspector: createTaskInspector(pool),
    instances: createInstanceStore(pool),
    issuers: createExternalIssuerStore(pool),
    ledger: createCreditLedgerStore(pool),
    people: createPeopleStore(pool),
    policies: createPolicyStore(pool),
    probePolicies: createProbePolicyStore(pool),
    retentions: createRetentionStore(pool),
    rotations: createSecretRotationStore(pool),
    sla: createSlaStore(pool),
    subjectKeys: createSubjectKeyStore(pool),
    suspensions: createSuspensionStore(pool),
    tenants: createTenantStore(pool),
    trust: createTrustStore(pool),
  };
}
