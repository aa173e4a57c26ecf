// Written by `npm run generate` from the files of declarations and limits. Do not edit.
import { accessErrors, accessOperations, accessAuditActions } from './declarations/access.ts';
import { alertOperations, alertAuditActions } from './declarations/alerts.ts';
import { apiKeyErrors, apiKeyOperations, apiKeyAuditActions } from './declarations/api-keys.ts';
import { auditOperations, auditAuditActions } from './declarations/audit.ts';
import { budgetErrors, budgetOperations, budgetAuditActions } from './declarations/budgets.ts';
import { deliveryErrors, deliveryOperations, deliveryAuditActions } from './declarations/deliveries.ts';
import { egressErrors, egressOperations, egressAuditActions } from './declarations/egress.ts';
import { eventErrors, eventOperations, eventAuditActions } from './declarations/events.ts';
import { httpErrors, httpOperations } from './declarations/http.ts';
import { instanceOperations, instanceAuditActions } from './declarations/instances.ts';
import { issuerErrors, issuerOperations, issuerAuditActions } from './declarations/issuers.ts';
import { limitErrors, limitOperations, limitAuditActions } from './declarations/limits.ts';
import { meteringErrors, meteringOperations, meteringAuditActions } from './declarations/metering.ts';
import { peopleErrors, peopleOperations, peopleAuditActions } from './declarations/people.ts';
import { platformErrors } from './declarations/platform.ts';
import { priceErrors, priceOperations, priceAuditActions } from './declarations/prices.ts';
import { registryErrors, registryOperations, registryAuditActions } from './declarations/registry.ts';
import { resilienceErrors, resilienceOperations, resilienceAuditActions } from './declarations/resilience.ts';
import { resultErrors, resultOperations, resultAuditActions } from './declarations/results.ts';
import { routingErrors, routingOperations, routingAuditActions } from './declarations/routing.ts';
import { secretErrors, secretOperations, secretAuditActions } from './declarations/secrets.ts';
import { slaErrors, slaOperations, slaAuditActions } from './declarations/sla.ts';
import { taskErrors, taskOperations, taskAuditActions } from './declarations/tasks.ts';
import { tenancyErrors, tenancyOperations, tenancyAuditActions } from './declarations/tenancy.ts';
import { trustErrors, trustOperations, trustAuditActions } from './declarations/trust.ts';
import { upstreamErrors } from './declarations/upstream.ts';
import { usageErrors, usageOperations } from './declarations/usage.ts';
import { accessLimits } from './limits/access.ts';
import { alertLimits } from './limits/alerts.ts';
import { apiKeyLimits } from './limits/api-keys.ts';
import { auditLimits } from './limits/audit.ts';
import { budgetLimits } from './limits/budgets.ts';
import { deliveryLimits } from './limits/deliveries.ts';
import { egressLimits } from './limits/egress.ts';
import { eventLimits } from './limits/events.ts';
import { gatewayLimits } from './limits/gateway.ts';
import { httpLimits } from './limits/http.ts';
import { instanceLimits } from './limits/instances.ts';
import { issuerLimits } from './limits/issuers.ts';
import { rateLimits } from './limits/limits.ts';
import { memoryLimits } from './limits/memory.ts';
import { meteringLimits } from './limits/metering.ts';
import { peopleLimits } from './limits/people.ts';
import { platformLimits } from './limits/platform.ts';
import { pricesLimits } from './limits/prices.ts';
import { registryLimits } from './limits/registry.ts';
import { resilienceLimits } from './limits/resilience.ts';
import { resultLimits } from './limits/results.ts';
import { routingLimits } from './limits/routing.ts';
import { secretLimits } from './limits/secrets.ts';
import { slaLimits } from './limits/sla.ts';
import { taskLimits } from './limits/tasks.ts';
import { trustLimits } from './limits/trust.ts';
import { upstreamLimits } from './limits/upstream.ts';
import { usageLimits } from './limits/usage.ts';

export const errorCatalog = {
  ...accessErrors,
  ...apiKeyErrors,
  ...budgetErrors,
  ...deliveryErrors,
  ...egressErrors,
  ...eventErrors,
  ...httpErrors,
  ...issuerErrors,
  ...limitErrors,
  ...meteringErrors,
  ...peopleErrors,
  ...platformErrors,
  ...priceErrors,
  ...registryErrors,
  ...resilienceErrors,
  ...resultErrors,
  ...routingErrors,
  ...secretErrors,
  ...slaErrors,
  ...taskErrors,
  ...tenancyErrors,
  ...trustErrors,
  ...upstreamErrors,
  ...usageErrors,
} as const;

/** Which callers may ask for which operation. */
export const policyTable = {
  ...accessOperations,
  ...alertOperations,
  ...apiKeyOperations,
  ...auditOperations,
  ...budgetOperations,
  ...deliveryOperations,
  ...egressOperations,
  ...eventOperations,
  ...httpOperations,
  ...instanceOperations,
  ...issuerOperations,
  ...limitOperations,
  ...meteringOperations,
  ...peopleOperations,
  ...priceOperations,
  ...registryOperations,
  ...resilienceOperations,
  ...resultOperations,
  ...routingOperations,
  ...secretOperations,
  ...slaOperations,
  ...taskOperations,
  ...tenancyOperations,
  ...trustOperations,
  ...usageOperations,
} as const;

/** Every action that an audit entry can name: noun.verb, a past fact. May be added to, never renamed. */
export const auditActions = [
  ...accessAuditActions,
  ...alertAuditActions,
  ...apiKeyAuditActions,
  ...auditAuditActions,
  ...budgetAuditActions,
  ...deliveryAuditActions,
  ...egressAuditActions,
  ...eventAuditActions,
  ...instanceAuditActions,
  ...issuerAuditActions,
  ...limitAuditActions,
  ...meteringAuditActions,
  ...peopleAuditActions,
  ...priceAuditActions,
  ...registryAuditActions,
  ...resilienceAuditActions,
  ...resultAuditActions,
  ...routingAuditActions,
  ...secretAuditActions,
  ...slaAuditActions,
  ...taskAuditActions,
  ...tenancyAuditActions,
  ...trustAuditActions,
] as const;

export const limits = {
  ...accessLimits,
  ...alertLimits,
  ...apiKeyLimits,
  ...auditLimits,
  ...budgetLimits,
  ...deliveryLimits,
  ...egressLimits,
  ...eventLimits,
  ...gatewayLimits,
  ...httpLimits,
  ...instanceLimits,
  ...issuerLimits,
  ...rateLimits,
  ...memoryLimits,
  ...meteringLimits,
  ...peopleLimits,
  ...platformLimits,
  ...pricesLimits,
  ...registryLimits,
  ...resilienceLimits,
  ...resultLimits,
  ...routingLimits,
  ...secretLimits,
  ...slaLimits,
  ...taskLimits,
  ...trustLimits,
  ...upstreamLimits,
  ...usageLimits,
} as const;
