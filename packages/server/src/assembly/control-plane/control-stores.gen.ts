// Written by `npm run generate` from the exports of adapters/postgres that end in Ports. Do not edit.
import { clientAuthorityPorts } from '../../adapters/postgres/access/client-authority-store.ts';
import { clientSecretPorts } from '../../adapters/postgres/access/client-secret-store.ts';
import { grantPorts } from '../../adapters/postgres/access/grant-store.ts';
import { principalNamePorts } from '../../adapters/postgres/access/principal-name-store.ts';
import { suspensionPorts } from '../../adapters/postgres/access/suspension-store.ts';
import { alertPorts } from '../../adapters/postgres/alerts/alert-reader.ts';
import { apiKeyPorts } from '../../adapters/postgres/api-keys/api-key-store.ts';
import { auditArchivePorts } from '../../adapters/postgres/audit/audit-archive.ts';
import { auditPorts } from '../../adapters/postgres/audit/audit-log.ts';
import { retentionPorts } from '../../adapters/postgres/audit/retention-store.ts';
import { subjectKeyPorts } from '../../adapters/postgres/audit/subject-key-store.ts';
import { budgetPorts } from '../../adapters/postgres/budgets/budget-store.ts';
import { deliveryPorts } from '../../adapters/postgres/deliveries/delivery-journal.ts';
import { egressAllowancePorts } from '../../adapters/postgres/egress/egress-allowance-store.ts';
import { eventSinkPorts } from '../../adapters/postgres/events/event-sink-store.ts';
import { taskPorts } from '../../adapters/postgres/inspection/task-inspector.ts';
import { instancePorts } from '../../adapters/postgres/instances/instance-store.ts';
import { probePolicyPorts } from '../../adapters/postgres/instances/probe-policy-store.ts';
import { externalIssuerPorts } from '../../adapters/postgres/issuers/external-issuer-store.ts';
import { creditLedgerPorts } from '../../adapters/postgres/metering/credit-ledger-store.ts';
import { creditReconciliationPorts } from '../../adapters/postgres/metering/credit-reconciliation-store.ts';
import { creditSettingsPorts } from '../../adapters/postgres/metering/credit-settings-store.ts';
import { creditStatementPorts } from '../../adapters/postgres/metering/credit-statement-store.ts';
import { peoplePorts } from '../../adapters/postgres/people/people-store.ts';
import { priceOverridePorts } from '../../adapters/postgres/prices/price-override-store.ts';
import { endpointCertificatePorts } from '../../adapters/postgres/registry/endpoint-certificate-store.ts';
import { policyPorts } from '../../adapters/postgres/resilience/policy-store.ts';
import { agentRoutingPorts } from '../../adapters/postgres/routing/agent-routing-store.ts';
import { routePorts } from '../../adapters/postgres/routing/route-store.ts';
import { secretRotationPorts } from '../../adapters/postgres/secrets/secret-rotation-store.ts';
import { slaPorts } from '../../adapters/postgres/sla/sla-store.ts';
import { delegationRulePorts } from '../../adapters/postgres/tasks/delegation-rule-store.ts';
import { tenantPorts } from '../../adapters/postgres/tenancy/tenant-store.ts';
import { trustPorts } from '../../adapters/postgres/trust/trust-store.ts';
import { usagePorts } from '../../adapters/postgres/usage/usage-store.ts';
import type { DatabasePool } from '../../adapters/postgres/pool.ts';

/** The ports of the admin API that need nothing but the database. */
export function createControlStores(pool: DatabasePool) {
  return {
    ...clientAuthorityPorts(pool),
    ...clientSecretPorts(pool),
    ...grantPorts(pool),
    ...principalNamePorts(pool),
    ...suspensionPorts(pool),
    ...alertPorts(pool),
    ...apiKeyPorts(pool),
    ...auditArchivePorts(pool),
    ...auditPorts(pool),
    ...retentionPorts(pool),
    ...subjectKeyPorts(pool),
    ...budgetPorts(pool),
    ...deliveryPorts(pool),
    ...egressAllowancePorts(pool),
    ...eventSinkPorts(pool),
    ...taskPorts(pool),
    ...instancePorts(pool),
    ...probePolicyPorts(pool),
    ...externalIssuerPorts(pool),
    ...creditLedgerPorts(pool),
    ...creditReconciliationPorts(pool),
    ...creditSettingsPorts(pool),
    ...creditStatementPorts(pool),
    ...peoplePorts(pool),
    ...priceOverridePorts(pool),
    ...endpointCertificatePorts(pool),
    ...policyPorts(pool),
    ...agentRoutingPorts(pool),
    ...routePorts(pool),
    ...secretRotationPorts(pool),
    ...slaPorts(pool),
    ...delegationRulePorts(pool),
    ...tenantPorts(pool),
    ...trustPorts(pool),
    ...usagePorts(pool),
  };
}
