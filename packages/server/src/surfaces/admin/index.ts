export { registerAdminApi } from './admin-api.ts';
export type { AdminApiOptions } from './admin-api.ts';
export { adminEndpoints } from './endpoints.ts';
export type { AdminEndpoint } from './endpoint.ts';
export { openApiDocument } from './openapi-document.ts';
export { adminUseCases } from './use-cases.ts';
export type { AdminPorts, AdminUseCases, ListenerCertificate } from './use-cases.ts';
