import { accessLimits } from './limits/access.ts';
import { apiKeyLimits } from './limits/api-keys.ts';
import { auditLimits } from './limits/audit.ts';
import { deliveryLimits } from './limits/deliveries.ts';
import { egressLimits } from './limits/egress.ts';
import { gatewayLimits } from './limits/gateway.ts';
import { httpLimits } from './limits/http.ts';
import { instanceLimits } from './limits/instances.ts';
import { issuerLimits } from './limits/issuers.ts';
import { rateLimits } from './limits/limits.ts';
import { meteringLimits } from './limits/metering.ts';
import { peopleLimits } from './limits/people.ts';
import { platformLimits } from './limits/platform.ts';
import { registryLimits } from './limits/registry.ts';
import { resilienceLimits } from './limits/resilience.ts';
import { resultLimits } from './limits/results.ts';
import { routingLimits } from './limits/routing.ts';
import { secretLimits } from './limits/secrets.ts';
import { slaLimits } from './limits/sla.ts';
import { taskLimits } from './limits/tasks.ts';
import { trustLimits } from './limits/trust.ts';
import { upstreamLimits } from './limits/upstream.ts';

/**
 * Every bound of the platform, from one file for each module. A name ends in its unit, and its comment says what happens at the
 * bound. A test refuses a name that two files have, and a file that is missing here.
 */
export const limits = {
  ...accessLimits,
  ...apiKeyLimits,
  ...auditLimits,
  ...deliveryLimits,
  ...egressLimits,
  ...gatewayLimits,
  ...httpLimits,
  ...instanceLimits,
  ...issuerLimits,
  ...rateLimits,
  ...meteringLimits,
  ...peopleLimits,
  ...platformLimits,
  ...registryLimits,
  ...resilienceLimits,
  ...resultLimits,
  ...routingLimits,
  ...secretLimits,
  ...slaLimits,
  ...taskLimits,
  ...trustLimits,
  ...upstreamLimits,
} as const;

export type Limits = { readonly [Name in keyof typeof limits]: number };
