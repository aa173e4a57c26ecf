import { createSchemaJudge } from '../../adapters/json-schemas/index.ts';
import { forwardTokenReader, forwardTokenSigner } from '../../adapters/keys/index.ts';
import { createAgentContextId } from '../../adapters/keys/agent-context-id.ts';
import { createPageTokenSigner } from '../../adapters/keys/page-token-signer.ts';
import { A2aUpstream } from '../../adapters/upstream/a2a-upstream.ts';
import type { A2aUpstreamOptions } from '../../adapters/upstream/a2a-upstream.ts';
import type { EgressGuards } from '../../adapters/upstream/egress-guards.ts';
import type { Secrets } from '../../config/secrets.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { unsealCredential } from '../../modules/registry/index.ts';
import type { SchemaJudge } from '../../modules/registry/index.ts';
import type { Authentication } from '../authentication.ts';
import type { Keys } from '../control-plane/keys.ts';
import { createWebhooks } from '../duties/deliveries.ts';
import type { Webhooks } from '../duties/deliveries.ts';
import type { Duties } from '../duties/duties.ts';
import type { Foundation } from '../foundation.ts';
import { causesOf } from '../log.ts';
import { createEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { createLimits } from './limits.ts';
import type { LimitParts } from './limits.ts';
import { createRegistryCache } from './registry-cache.ts';
import type { RegistryCache } from './registry-cache.ts';
import { createResults } from './results.ts';
import type { ResultParts } from './results.ts';
import { createChooser } from './router.ts';

/** What tasks pass through, from the limits of their callers to their agents. The control plane changes some of it. */
export interface DataPlane {
  readonly upstream: A2aUpstream;
  readonly limits: LimitParts;
  readonly results: ResultParts;
  readonly registryCache: RegistryCache;
  readonly schemas: SchemaJudge;
  readonly webhooks: Webhooks;
  readonly engine: Engine;
}

export interface DataPlaneParts {
  readonly secrets: Secrets;
  readonly keys: Keys;
  readonly guards: EgressGuards;
  readonly authentication: Authentication;
  readonly duties: Duties;
}

export async function createDataPlane(foundation: Foundation, parts: DataPlaneParts): Promise<DataPlane> {
  const { config, database, clock, publicUrl } = foundation;
  const { secrets, keys, guards, authentication, duties } = parts;
  const signForwardToken = forwardTokenSigner(publicUrl, keys.ring);
  const upstream = createUpstream(foundation, parts, signForwardToken);
  const webhooks = createWebhooks(foundation, { keys, signForwardToken, guards });
  const limits = await createLimits(foundation, secrets);
  const results = await createResults(foundation, secrets);
  const registryCache = createRegistryCache(database, clock);
  const schemas = createSchemaJudge(clock);
  const engine = createEngine(foundation, {
    upstream,
    pageTokens: createPageTokenSigner(keys.vault.keyFor('page tokens')),
    agentContextId: createAgentContextId(keys.vault.keyFor('agent contexts')),
    readForwardToken: forwardTokenReader(foundation.issuers, keys.ring),
    webhooks,
    duties,
    statuses: authentication.statuses,
    limiter: limits.limiter,
    results,
    chooser: createChooser(config, secrets),
    schemas,
    onAccess: forgetRights(authentication, keys),
    registryCache,
  });
  return { upstream, limits, results, registryCache, schemas, webhooks, engine };
}

function createUpstream(
  { clock, log, budget }: Foundation,
  { guards, duties, keys }: DataPlaneParts,
  signForwardToken: A2aUpstreamOptions['signForwardToken'],
): A2aUpstream {
  return new A2aUpstream({
    guards,
    signForwardToken,
    clock,
    budget,
    openCredential: ({ tenantId, agentId }, { sealed, origin }) =>
      unsealCredential(keys.secretBox, sealed, { tenantId, agentId, origin }),
    onCall: (tenantId, instanceId) => duties.instances.uses.noteCall(tenantId, instanceId),
    onFault: ({ route, instance, taskId, requestId }, error) => {
      const agent = `${route.tenantSlug}/${route.agentName}`;
      const { instanceId } = instance;
      log.warn({ agent, code: error.code, taskId, instanceId, requestId, causes: causesOf(error) }, 'agent failed');
    },
  });
}

/** A change that this process is not notified of is found within seconds. */
function forgetRights({ authenticator }: Authentication, { ring }: Keys) {
  return (tenants: ReadonlySet<TenantId | null>): void => {
    for (const tenantId of tenants) {
      if (tenantId === null) ring.reread().catch(() => undefined);
      else authenticator.doubt(tenantId);
    }
  };
}
