import { accessErrors } from './errors/access.ts';
import { apiKeyErrors } from './errors/api-keys.ts';
import { deliveryErrors } from './errors/deliveries.ts';
import { egressErrors } from './errors/egress.ts';
import { httpErrors } from './errors/http.ts';
import { issuerErrors } from './errors/issuers.ts';
import { limitErrors } from './errors/limits.ts';
import { meteringErrors } from './errors/metering.ts';
import { peopleErrors } from './errors/people.ts';
import { platformErrors } from './errors/platform.ts';
import { registryErrors } from './errors/registry.ts';
import { resilienceErrors } from './errors/resilience.ts';
import { resultErrors } from './errors/results.ts';
import { routingErrors } from './errors/routing.ts';
import { secretErrors } from './errors/secrets.ts';
import { slaErrors } from './errors/sla.ts';
import { taskErrors } from './errors/tasks.ts';
import { tenancyErrors } from './errors/tenancy.ts';
import { trustErrors } from './errors/trust.ts';
import { upstreamErrors } from './errors/upstream.ts';

/**
 * Every code that the platform answers with, from one file for each module. Codes are stable: they may be added, never renamed or
 * reused. A test refuses a code that two files have, and a file that is missing here.
 */
export const errorCatalog = {
  ...accessErrors,
  ...apiKeyErrors,
  ...deliveryErrors,
  ...egressErrors,
  ...httpErrors,
  ...issuerErrors,
  ...limitErrors,
  ...meteringErrors,
  ...peopleErrors,
  ...platformErrors,
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
} as const;

export type ErrorCode = keyof typeof errorCatalog;
