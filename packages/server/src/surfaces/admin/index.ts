export { registerAdminApi, registerWorkApi } from './admin-api.ts';
export type { AdminApiOptions, WorkApiOptions } from './admin-api.ts';
export { callDataPlaneEndpoints } from './calls/call-endpoints.ts';
export type { ListenerCertificate } from './certificates/certificate-endpoints.ts';
export { adminEndpoints, workEndpoints } from './endpoints.ts';
export type { AdminPorts, WorkPorts } from './endpoints.ts';
export type { ApiEndpoint } from './endpoint.ts';
export { openApiDocument } from './openapi-document.ts';
