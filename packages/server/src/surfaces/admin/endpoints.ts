import type { PortsOfAll } from '../http/index.ts';
import { agentEndpoints } from './agents/agent-endpoints.ts';
import { apiKeyEndpoints } from './api-keys/api-key-endpoints.ts';
import { auditEndpoints } from './audit/audit-endpoints.ts';
import { callEndpoints } from './calls/call-endpoints.ts';
import { cardEndpoints } from './cards/card-endpoints.ts';
import { cardTrustEndpoints } from './cards/card-trust-endpoints.ts';
import { certificateEndpoints } from './certificates/certificate-endpoints.ts';
import { clientCredentialEndpoints } from './clients/client-credential-endpoints.ts';
import { clientEndpoints } from './clients/client-endpoints.ts';
import { creditEndpoints } from './credits/credit-endpoints.ts';
import { deadLetterEndpoints } from './dead-letters/dead-letter-endpoints.ts';
import { delegationEndpoints } from './delegation/delegation-endpoints.ts';
import { deliveryEndpoints } from './deliveries/delivery-endpoints.ts';
import { egressEndpoints } from './egress/egress-endpoints.ts';
import type { ApiEndpoint } from './endpoint.ts';
import { grantEndpoints } from './grants/grant-endpoints.ts';
import { instanceEndpoints } from './instances/instance-endpoints.ts';
import { issuerEndpoints } from './issuers/issuer-endpoints.ts';
import { limitEndpoints } from './limits/limit-endpoints.ts';
import { personEndpoints } from './people/person-endpoints.ts';
import { resilienceEndpoints } from './resilience/resilience-endpoints.ts';
import { resultEndpoints } from './results/result-endpoints.ts';
import { routingEndpoints } from './routing/routing-endpoints.ts';
import { secretEndpoints } from './secrets/secret-endpoints.ts';
import { signingKeyEndpoints } from './signing-keys/signing-key-endpoints.ts';
import { slaEndpoints } from './sla/sla-endpoints.ts';
import { suspensionEndpoints } from './suspensions/suspension-endpoints.ts';
import { taskEndpoints } from './tasks/task-endpoints.ts';
import { tenantEndpoints } from './tenants/tenant-endpoints.ts';

const ofControl = [
  ...tenantEndpoints,
  ...clientEndpoints,
  ...personEndpoints,
  ...signingKeyEndpoints,
  ...clientCredentialEndpoints,
  ...limitEndpoints,
  ...resultEndpoints,
  ...apiKeyEndpoints,
  ...issuerEndpoints,
  ...grantEndpoints,
  ...suspensionEndpoints,
  ...creditEndpoints,
  ...agentEndpoints,
  ...cardEndpoints,
  ...instanceEndpoints,
  ...cardTrustEndpoints,
  ...certificateEndpoints,
  ...routingEndpoints,
  ...resilienceEndpoints,
  ...auditEndpoints,
  ...taskEndpoints,
  ...delegationEndpoints,
  ...slaEndpoints,
  ...deliveryEndpoints,
  ...egressEndpoints,
  ...secretEndpoints,
];

const ofWork = [...callEndpoints, ...deadLetterEndpoints];

/** Everything that the endpoints of the control plane need. */
export type AdminPorts = PortsOfAll<typeof ofControl>;
/** Everything that the endpoints need that start tasks or follow them. */
export type WorkPorts = PortsOfAll<typeof ofWork>;

/** The admin API of the control plane. */
export const adminEndpoints: readonly ApiEndpoint<AdminPorts>[] = ofControl;
/** The admin API of the data plane: calls of skills, and dead-lettered tasks. */
export const workEndpoints: readonly ApiEndpoint<WorkPorts>[] = ofWork;
