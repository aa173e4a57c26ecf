import { limits } from '@colloquy/server/test';
import { createTestDatabase, startPlatformProcess, startTestPlatform } from '@colloquy/testkit';
import type { TestTenant } from '@colloquy/testkit';
import { fillRegistry } from './fill.ts';
import type { RegistryPlan } from './plan.ts';

/** A caller of one tenant. */
export interface Reader {
  readonly slug: string;
  readonly authorization: string;
}

/** A filled registry behind several platform processes. */
export interface RegistryStage extends AsyncDisposable {
  /** Their addresses. */
  readonly nodes: readonly string[];
  readonly readers: readonly Reader[];
  readonly fillSeconds: number;
}

export async function setRegistryStage(plan: RegistryPlan): Promise<RegistryStage> {
  await using undo = new AsyncDisposableStack();
  const database = undo.use(await createTestDatabase());
  const tenants: TestTenant[] = [];
  {
    await using founding = await startTestPlatform({ database });
    while (tenants.length < plan.tenants) tenants.push(await founding.createTenant(`tenant-${tenants.length + 1}`));
  }
  const startedMs = performance.now();
  const slugs = tenants.map(({ slug }) => slug);
  await fillRegistry(database.adminUrl, slugs, plan);
  const fillSeconds = (performance.now() - startedMs) / 1_000;
  const env = {
    // One public address for all, as behind a balancer, so that a token of one holds at the others.
    COLLOQUY_PUBLIC_URL: 'http://registry.test',
    // Heartbeats as in production: those of tests are ten times as many, and what follows each of them is work.
    COLLOQUY_NODE_HEARTBEAT_MS: String(limits.heartbeatMs),
    COLLOQUY_NODE_FENCE_AFTER_MS: String(limits.nodeFenceAfterMs),
    COLLOQUY_NODE_DEAD_AFTER_MS: String(limits.nodeDeadAfterMs),
    COLLOQUY_NODE_GRACE_MS: String(limits.reaperGraceMs),
  };
  const one = undo.use(await startPlatformProcess({ database, env }));
  const nodes = [one.url];
  while (nodes.length < plan.nodes) nodes.push(undo.use(await startPlatformProcess({ database, env })).url);
  const readers = await Promise.all(
    tenants.map(async (tenant) => ({
      slug: tenant.slug,
      authorization: `Bearer ${await one.clientOf(tenant).token()}`,
    })),
  );
  const held = undo.move();
  return { nodes, readers, fillSeconds, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
