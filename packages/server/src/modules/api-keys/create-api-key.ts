import type { Caller, CostAllocation } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { Random } from '../../kernel/random.ts';
import {
  allocationFacts,
  allocationViolations,
  nameViolations,
  refuseEscalation,
  scopeViolations,
  tenantScopes,
} from '../access/index.ts';
import type { ClientSecretHasher } from '../access/index.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { PersonalFactPorts } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { CreatedApiKey } from './api-key.ts';
import type { ApiKeyStore } from './api-key-store.ts';
import { apiKeySecretBytes, apiKeyText } from './api-key-text.ts';

export interface ApiKeyCreationPorts extends PersonalFactPorts {
  readonly apiKeys: Pick<ApiKeyStore, 'create'>;
  readonly secrets: ClientSecretHasher;
  readonly random: Random;
  readonly ids: IdSource;
}

export interface CreateApiKeyInput {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Names of the agents that it may call, registered or not yet; null: every agent of the tenant. */
  readonly agentNames: readonly string[] | null;
  readonly allocation: CostAllocation;
  /** Null for `limits.apiKeyDaysDefault`. */
  readonly expiresInDays: number | null;
}

const dayMs = 24 * 60 * 60_000;
const escalation = 'An API key can be given only scopes that the access token of its creator carries.';
/** A leaked key must not be able to create further keys or to grant rights. */
const keyScopes = tenantScopes.filter((scope) => scope !== 'clients:write' && scope !== 'grants:write');
/** Scopes for calls of one agent. Any other scope would reach beyond the agents that a key is limited to. */
const agentScopes = ['a2a:send', 'a2a:read', 'a2a:cancel'];

/**
 * Creates a key of the caller's tenant; its text is in the answer and nowhere else. Throws `request.invalid`, `access.scope-missing` for
 * a scope that the caller does not hold itself, and `access.api-key-limit`.
 */
export function createApiKey(ports: ApiKeyCreationPorts) {
  return async (caller: Caller, input: CreateApiKeyInput): Promise<CreatedApiKey> => {
    const violations = keyViolations(input);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    const scopes = [...new Set(input.scopes)];
    refuseEscalation(caller, scopes, escalation);
    const keyId = ports.ids.next('apk');
    const apiKey = apiKeyText(keyId, ports.random.bytes(apiKeySecretBytes));
    const agentNames = input.agentNames === null ? null : [...new Set(input.agentNames)];
    const days = input.expiresInDays ?? limits.apiKeyDaysDefault;
    const { name, allocation } = input;
    const draft = { keyId, name, scopes, agentNames, allocation, createdBy: caller.principal.id };
    const named = await ports.personal.seal(caller.tenant.id, keyId, { name });
    const entry = auditEntryBy(caller, ports.ids, {
      action: 'api-key.created',
      outcome: 'succeeded',
      resource: `api-keys/${keyId}`,
      facts: {
        ...named,
        scopes: scopes.join(' '),
        days: String(days),
        ...(agentNames === null ? {} : { agents: agentNames.join(' ') }),
        ...allocationFacts(allocation),
      },
    });
    const secretHash = ports.secrets.hash(apiKey);
    const key = await ports.apiKeys.create(caller.tenant.id, { ...draft, secretHash, lifeMs: days * dayMs }, entry);
    if (key === null) throw new PlatformError('access.api-key-limit');
    return { key, apiKey };
  };
}

/** Everything wrong with a new key, field by field. */
function keyViolations(input: CreateApiKeyInput): { field: string; description: string }[] {
  const { name, scopes, agentNames, expiresInDays: days } = input;
  const areDaysFit = days === null || (Number.isInteger(days) && days >= 1 && days <= limits.apiKeyDaysMax);
  return [
    ...nameViolations(name),
    ...scopeViolations(scopes, agentNames === null ? keyScopes : agentScopes),
    ...(agentNames === null ? [] : agentViolations(agentNames)),
    ...allocationViolations(input.allocation),
    ...(areDaysFit ? [] : [{ field: 'expiresInDays', description: `must be 1 to ${limits.apiKeyDaysMax}` }]),
  ];
}

function agentViolations(names: readonly string[]): { field: string; description: string }[] {
  const isFit = names.length >= 1 && names.length <= limits.apiKeyAgentsMax;
  const problem = names.map(slugProblem).find((found) => found !== null);
  return [
    ...(isFit ? [] : [{ field: 'agents', description: `must name 1 to ${limits.apiKeyAgentsMax} agents` }]),
    ...(problem === undefined || problem === null ? [] : [{ field: 'agents', description: `each ${problem}` }]),
  ];
}
