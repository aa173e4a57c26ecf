// Written by `npm run generate` from the files */*-endpoints.ts. Do not edit.
import { agentEndpoints } from './agents/agent-endpoints.ts';
import { alertEndpoints } from './alerts/alert-endpoints.ts';
import { apiKeyEndpoints } from './api-keys/api-key-endpoints.ts';
import { auditEndpoints } from './audit/audit-endpoints.ts';
import { budgetEndpoints } from './budgets/budget-endpoints.ts';
import { callDataPlaneEndpoints } from './calls/call-endpoints.ts';
import { quoteDataPlaneEndpoints } from './calls/quote-endpoints.ts';
import { cardEndpoints } from './cards/card-endpoints.ts';
import { cardTrustEndpoints } from './cards/card-trust-endpoints.ts';
import { certificateEndpoints } from './certificates/certificate-endpoints.ts';
import { clientCredentialEndpoints } from './clients/client-credential-endpoints.ts';
import { clientEndpoints } from './clients/client-endpoints.ts';
import { creditSettingsEndpoints, creditEndpoints } from './credits/credit-endpoints.ts';
import { creditReconciliationEndpoints } from './credits/reconciliation-endpoints.ts';
import { creditStatementEndpoints } from './credits/statement-endpoints.ts';
import { deadLetterDataPlaneEndpoints } from './dead-letters/dead-letter-endpoints.ts';
import { delegationEndpoints } from './delegation/delegation-endpoints.ts';
import { deliveryEndpoints } from './deliveries/delivery-endpoints.ts';
import { egressEndpoints } from './egress/egress-endpoints.ts';
import { eventSinkEndpoints } from './events/event-sink-endpoints.ts';
import { grantEndpoints } from './grants/grant-endpoints.ts';
import { instanceEndpoints } from './instances/instance-endpoints.ts';
import { issuerEndpoints } from './issuers/issuer-endpoints.ts';
import { limitEndpoints } from './limits/limit-endpoints.ts';
import { personEndpoints } from './people/person-endpoints.ts';
import { agentPriceEndpoints } from './prices/agent-price-endpoints.ts';
import { priceEndpoints } from './prices/price-endpoints.ts';
import { resilienceEndpoints } from './resilience/resilience-endpoints.ts';
import { resultEndpoints } from './results/result-endpoints.ts';
import { routingEndpoints } from './routing/routing-endpoints.ts';
import { secretEndpoints } from './secrets/secret-endpoints.ts';
import { signingKeyEndpoints } from './signing-keys/signing-key-endpoints.ts';
import { slaEndpoints } from './sla/sla-endpoints.ts';
import { suspensionEndpoints } from './suspensions/suspension-endpoints.ts';
import { taskEndpoints } from './tasks/task-endpoints.ts';
import { tenantEndpoints } from './tenants/tenant-endpoints.ts';
import { showbackEndpoints } from './usage/showback-endpoints.ts';
import { usageEndpoints } from './usage/usage-endpoints.ts';

export const controlPlaneEndpoints = [
  ...agentEndpoints,
  ...alertEndpoints,
  ...apiKeyEndpoints,
  ...auditEndpoints,
  ...budgetEndpoints,
  ...cardEndpoints,
  ...cardTrustEndpoints,
  ...certificateEndpoints,
  ...clientCredentialEndpoints,
  ...clientEndpoints,
  ...creditSettingsEndpoints,
  ...creditEndpoints,
  ...creditReconciliationEndpoints,
  ...creditStatementEndpoints,
  ...delegationEndpoints,
  ...deliveryEndpoints,
  ...egressEndpoints,
  ...eventSinkEndpoints,
  ...grantEndpoints,
  ...instanceEndpoints,
  ...issuerEndpoints,
  ...limitEndpoints,
  ...personEndpoints,
  ...agentPriceEndpoints,
  ...priceEndpoints,
  ...resilienceEndpoints,
  ...resultEndpoints,
  ...routingEndpoints,
  ...secretEndpoints,
  ...signingKeyEndpoints,
  ...slaEndpoints,
  ...suspensionEndpoints,
  ...taskEndpoints,
  ...tenantEndpoints,
  ...showbackEndpoints,
  ...usageEndpoints,
];

export const dataPlaneEndpoints = [
  ...callDataPlaneEndpoints,
  ...quoteDataPlaneEndpoints,
  ...deadLetterDataPlaneEndpoints,
];
