import type { BoundResource } from './caller.ts';
import { routerName } from './router-name.ts';

const slug = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const belowPlatform = new RegExp(`^/t/(${slug})(?:/agents/(${slug})|/(router))?$`);

/**
 * What a resource indicator (RFC 8707) or an audience names, compared exactly as it is written. Null for the platform itself. For
 * `{platform}/t/{tenant}[/agents/{agent}|/router]` the tenant's agents, one of them, or its router. Undefined for anything else.
 */
export function resourceOf(indicator: string, platform: string): BoundResource | null | undefined {
  if (indicator === platform) return null;
  if (!indicator.startsWith(platform)) return undefined;
  const [, tenantSlug, agentName, router] = belowPlatform.exec(indicator.slice(platform.length)) ?? [];
  return tenantSlug === undefined
    ? undefined
    : { tenantSlug, agentName: router === undefined ? (agentName ?? null) : routerName };
}

/** Whether a credential bound to `outer` may be exchanged for one bound to `inner`. Null is the whole platform. */
export function isWithin(inner: BoundResource | null, outer: BoundResource | null): boolean {
  if (outer === null) return true;
  if (inner === null || inner.tenantSlug !== outer.tenantSlug) return false;
  if (outer.amongAgents !== undefined) return inner.agentName !== null && outer.amongAgents.has(inner.agentName);
  return outer.agentName === null || outer.agentName === inner.agentName;
}
