export { serverScopes, signToken, startAuthorizationServer, tokenParts } from './authorization-server.ts';
export type { AuthorizationServer, ServerConduct, TokenRequest } from './authorization-server.ts';
export { claimPort, isFree } from './claim-port.ts';
export { skippedOutsideChaos, testTierVariable } from './chaos-tier.ts';
export { startCuttingProxy } from './cutting-proxy.ts';
export type { Cut, CuttingProxy } from './cutting-proxy.ts';
export { startDatabaseProxy } from './database-proxy.ts';
export type { DatabaseProxy } from './database-proxy.ts';
export { eventually } from './eventually.ts';
export { findLeaks, forbid, neverShown, operatorsOnly } from './leak-scanner.ts';
export type { Forbidden, Output } from './leak-scanner.ts';
export { FakeClock } from './fake-clock.ts';
export { createTestAuthority, selfSigned } from './test-certificates.ts';
export type { TestAuthority, TestCertificate, TestCertificateOptions } from './test-certificates.ts';
export { http2Frame } from './http2-frame.ts';
export { globalSetup, globalTeardown } from './global-setup.ts';
export { createTestDatabase } from './test-database.ts';
export type { TestDatabase } from './test-database.ts';
export { heldBytes, oldGenerationGrowth } from './old-generation.ts';
export { startPlatformProcess } from './platform-process.ts';
export type { PlatformProcess, PlatformProcessOptions } from './platform-process.ts';
export { plainCard } from './plain-card.ts';
export { pretendPostgres } from './pretended-postgres.ts';
export type { PretendedPostgres } from './pretended-postgres.ts';
export { chunk, chunkedHead, http, lastChunk, result, sse, startRawAgent } from './raw-agent.ts';
export type { OnConnect, OnRequest, RawAgent, RawRequest } from './raw-agent.ts';
export { grpcFrame, grpcHead, saysGrpc, startRawGrpcAgent } from './raw-grpc-agent.ts';
export type { HeardCall, OnGrpcCall, RawGrpcAgent } from './raw-grpc-agent.ts';
export {
  agentSecret,
  answers,
  answersError,
  completed,
  pieceTold,
  script,
  sends,
  statusTold,
  streams,
  taskTold,
  working,
} from './hostile/acts.ts';
export { hostileScripts } from './hostile/hostile-scripts.ts';
export { hostileCard } from './hostile/script.ts';
export type { HostileAgent, HostileScript } from './hostile/script.ts';
export { makeServerKey } from './server-keys.ts';
export type { ServerKey, TokenAlgorithm } from './server-keys.ts';
export { formIn, newVerifier, TestBrowser } from './sign-in-browser.ts';
export type { Verifier } from './sign-in-browser.ts';
export { adminUrlVariable, createTemplate } from './test-postgres.ts';
export { startTestPlatform } from './test-platform.ts';
export type { TestPlatform, TestPlatformOptions } from './test-platform.ts';
export { everyTenantScope } from './test-tenants.ts';
export type { TestCredentials, TestTenant } from './test-tenants.ts';
export { withAnotherEnd } from './with-another-end.ts';
export { checkpointDirOf, quickLeases, testEnvironment } from './test-environment.ts';
