import { agentEndpoints } from './agent-endpoints.ts';
import { agentSearchEndpoints } from './agent-search-endpoints.ts';
import { apiKeyEndpoints } from './api-key-endpoints.ts';
import { auditChainEndpoints } from './audit-chain-endpoints.ts';
import { auditRetentionEndpoints } from './audit-retention-endpoints.ts';
import { delegationEndpoints } from './delegation-endpoints.ts';
import { auditEndpoints } from './audit-endpoints.ts';
import { cardEndpoints } from './card-endpoints.ts';
import { clientEndpoints } from './client-endpoints.ts';
import { clientMeansEndpoints } from './client-means-endpoints.ts';
import { creditEndpoints } from './credit-endpoints.ts';
import type { ApiEndpoint } from './endpoint.ts';
import type { PortsOfAll } from '../http/index.ts';
import { callEndpoints } from './call-endpoints.ts';
import { deadLetterEndpoints } from './dead-letter-endpoints.ts';
import { deliveryEndpoints } from './delivery-endpoints.ts';
import { healthEndpoints } from './health-endpoints.ts';
import { instanceEndpoints } from './instance-endpoints.ts';
import { keyEndpoints } from './key-endpoints.ts';
import { egressEndpoints } from './egress-endpoints.ts';
import { limitEndpoints } from './limit-endpoints.ts';
import { resilienceEndpoints } from './resilience-endpoints.ts';
import { routingEndpoints } from './routing-endpoints.ts';
import { resultEndpoints } from './result-endpoints.ts';
import { secretEndpoints } from './secret-endpoints.ts';
import { slaEndpoints } from './sla-endpoints.ts';
import { issuerEndpoints } from './issuer-endpoints.ts';
import { personEndpoints } from './person-endpoints.ts';
import { grantEndpoints } from './grant-endpoints.ts';
import { stopEndpoints } from './stop-endpoints.ts';
import { taskEndpoints } from './task-endpoints.ts';
import { tenantEndpoints } from './tenant-endpoints.ts';
import { certificateEndpoints } from './certificate-endpoints.ts';
import { trustEndpoints } from './trust-endpoints.ts';

const ofControl = [
  ...tenantEndpoints,
  ...clientEndpoints,
  ...personEndpoints,
  ...keyEndpoints,
  ...clientMeansEndpoints,
  ...limitEndpoints,
  ...resultEndpoints,
  ...apiKeyEndpoints,
  ...issuerEndpoints,
  ...grantEndpoints,
  ...stopEndpoints,
  ...creditEndpoints,
  ...agentEndpoints,
  ...agentSearchEndpoints,
  ...cardEndpoints,
  ...instanceEndpoints,
  ...healthEndpoints,
  ...trustEndpoints,
  ...certificateEndpoints,
  ...routingEndpoints,
  ...resilienceEndpoints,
  ...auditEndpoints,
  ...auditChainEndpoints,
  ...auditRetentionEndpoints,
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
