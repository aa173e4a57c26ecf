import type { Clock } from '../../kernel/clock.ts';
import { asPlatformError, PlatformError } from '../../kernel/errors.ts';
import type { AgentId, TenantId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import type { Route } from './route.ts';
import type { RouteStore } from './route-store.ts';

interface CachedRoute {
  readonly route: Route;
  readonly readAtMs: number;
}

/** Caches the routes of this process. A route older than `limits.routeRefreshMs` is read again before it is used. */
export class RouteCache {
  readonly #store: RouteStore;
  readonly #clock: Clock;
  readonly #routes = new Map<string, CachedRoute>();
  readonly #reading = new Map<string, Promise<Route>>();
  /** Counts calls of `forget`. */
  #changes = 0;

  constructor(store: RouteStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The route to this agent; throws `registry.agent-unknown`. Returns synchronously while the route is fresh. */
  resolve(tenantId: TenantId, agentName: string): Route | Promise<Route> {
    const key = `${tenantId}/${agentName}`;
    const cached = this.#routes.get(key);
    if (cached !== undefined && this.#isFresh(cached)) return cached.route;
    return this.#reading.get(key) ?? this.#read(key, tenantId, agentName);
  }

  /** The route to the agent of a task, registered or not any more; throws `registry.agent-unknown`. */
  async resolveAgent(tenantId: TenantId, agentName: string, agentId: AgentId): Promise<Route> {
    const cached = this.#routes.get(`${tenantId}/${agentName}`);
    if (cached?.route.agentId === agentId && this.#isFresh(cached)) return cached.route;
    const route = await this.#store.findById(tenantId, agentId);
    if (route === null) throw new PlatformError('registry.agent-unknown');
    return route;
  }

  /** Throws `registry.agent-unknown` for a name that no agent of the tenant has or had. */
  async assertKnown(tenantId: TenantId, agentName: string): Promise<void> {
    try {
      await this.resolve(tenantId, agentName);
    } catch (error) {
      if (asPlatformError(error).code !== 'registry.agent-unknown') throw error;
      if (!(await this.#store.everHeld(tenantId, agentName))) throw error;
    }
  }

  /** Drops every route of a tenant, because its registry changed. A route that is being read now may be older, so it is not cached. */
  forget(tenantId: TenantId): void {
    this.#changes += 1;
    for (const key of this.#routes.keys()) if (key.startsWith(`${tenantId}/`)) this.#routes.delete(key);
    for (const key of this.#reading.keys()) if (key.startsWith(`${tenantId}/`)) this.#reading.delete(key);
  }

  #isFresh({ readAtMs }: CachedRoute): boolean {
    return this.#clock.monotonicMs() - readAtMs < limits.routeRefreshMs;
  }

  #read(key: string, tenantId: TenantId, agentName: string): Promise<Route> {
    const readAtMs = this.#clock.monotonicMs();
    const changes = this.#changes;
    const reading = this.#store
      .findByName(tenantId, agentName)
      .then((route) => (changes === this.#changes ? this.#keep(key, route, readAtMs) : known(route)))
      .finally(() => this.#forgetReading(key, reading));
    this.#reading.set(key, reading);
    return reading;
  }

  #forgetReading(key: string, reading: Promise<Route>): void {
    if (this.#reading.get(key) === reading) this.#reading.delete(key);
  }

  #keep(key: string, route: Route | null, readAtMs: number): Route {
    keepNewest(this.#routes, key, { route: known(route), readAtMs }, limits.routeCacheEntriesMax);
    return known(route);
  }
}

function known(route: Route | null): Route {
  if (route === null) throw new PlatformError('registry.agent-unknown');
  return route;
}
