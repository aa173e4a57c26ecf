import type { FastifyInstance } from 'fastify';
import { createCardSigner } from '../../adapters/keys/index.ts';
import { createAuditLog } from '../../adapters/postgres/audit/audit-log.ts';
import { createAgentStore } from '../../adapters/postgres/registry/agent-store.ts';
import { createCardStore } from '../../adapters/postgres/registry/card-store.ts';
import { createTenantStore } from '../../adapters/postgres/tenancy/tenant-store.ts';
import { appendAuditEntry } from '../../modules/audit/index.ts';
import { findPublicCard, isTenantsCard } from '../../modules/registry/index.ts';
import { a2aSurface, EventStreams } from '../../surfaces/a2a/index.ts';
import { registerWorkApi } from '../../surfaces/admin/index.ts';
import { createGrpcServer } from '../../surfaces/grpc/index.ts';
import type { GrpcServer } from '../../surfaces/grpc/index.ts';
import type { AssertStillIn, CallerOf, RequestOrigins } from '../../surfaces/http/index.ts';
import type { Parts } from '../parts.ts';
import { cardReaders } from './router.ts';

export interface GatewayCallers {
  readonly callerOf: CallerOf;
  readonly assertStillIn: AssertStillIn;
  readonly origins: RequestOrigins;
}

/** The role gateway: agents over A2A, calls of their skills, and, when it is configured, the same agents over gRPC. */
export async function serveDataPlane(
  main: FastifyInstance,
  parts: Parts,
  { callerOf, assertStillIn, origins }: GatewayCallers,
): Promise<GrpcServer | null> {
  const { config, database, clock, ids, log, metrics, publicUrl } = parts.foundation;
  const cards = {
    agents: createAgentStore(database.readers),
    cardStore: createCardStore(database.readers),
    cardSigner: createCardSigner(() => publicUrl, parts.keys.ring),
    servedCards: parts.dataPlane.registryCache.servedCards,
    publicUrl: () => publicUrl,
    grpcAddress: () => parts.grpcPort.cardAddress,
  };
  const operations = {
    gateway: parts.dataPlane.engine.gateway,
    ...cardReaders({ ...cards, startedAt: new Date(clock.nowMs()) }),
    appendAuditEntry: appendAuditEntry({ audit: createAuditLog(database.readers), ids }),
    callerOf,
    clock,
  };
  serveCalls(main, parts, callerOf);
  const shown = { findPublicCard: findPublicCard(cards), isTenantsCard: isTenantsCard(cards) };
  await main.register(a2aSurface({ ...operations, ...shown }));
  if (config.grpc === null) return null;
  const tls = parts.certificates.tlsOf('grpc');
  return createGrpcServer({ ...operations, assertStillIn, ids, log, metrics, origins, tls });
}

/** Calls of skills. Their streams end with the process, as the streams of A2A do. */
function serveCalls(main: FastifyInstance, { foundation, dataPlane }: Parts, callerOf: CallerOf): void {
  const { database, clock, ids, publicUrl } = foundation;
  const streams = new EventStreams({ clock });
  main.addHook('preClose', (done) => {
    streams.close();
    done();
  });
  const tenants = createTenantStore(database.readers);
  const audit = createAuditLog(database.readers);
  registerWorkApi(main, {
    callerOf,
    ports: { ...dataPlane.engine.workPorts, tenants, audit, ids },
    publicUrl: () => publicUrl,
    outlet: (served) => streams.serve(served),
  });
}
