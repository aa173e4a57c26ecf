export { registerAdminApi, registerCallApi } from './admin-api.ts';
export type { AdminApiOptions, CallApiOptions } from './admin-api.ts';
export { callEndpoints } from './call-endpoints.ts';
export type { CallUseCases } from './call-endpoints.ts';
export { adminEndpoints } from './endpoints.ts';
export type { AdminEndpoint, ApiEndpoint } from './endpoint.ts';
export { openApiDocument } from './openapi-document.ts';
export { adminUseCases } from './use-cases.ts';
export type { AdminPorts, AdminUseCases, ListenerCertificate } from './use-cases.ts';
