import type { PortsOfAll } from '../http/index.ts';
import type { ApiEndpoint } from './endpoint.ts';
import { controlPlaneEndpoints, dataPlaneEndpoints } from './endpoints.gen.ts';

/** Everything that the endpoints of the control plane need. */
export type AdminPorts = PortsOfAll<typeof controlPlaneEndpoints>;
/** Everything that the endpoints need that start tasks or follow them. */
export type WorkPorts = PortsOfAll<typeof dataPlaneEndpoints>;

/** The admin API of the control plane. */
export const adminEndpoints: readonly ApiEndpoint<AdminPorts>[] = controlPlaneEndpoints;
/** The admin API of the data plane: calls of skills, and dead-lettered tasks. */
export const workEndpoints: readonly ApiEndpoint<WorkPorts>[] = dataPlaneEndpoints;
