import type { JsonValue, Message } from '@colloquy/protocol';
import { digest128 } from '../../kernel/digest.ts';
import type { Route } from '../routing/index.ts';

/** Everything in a call that can change the agent's answer. */
export interface CacheableCall {
  readonly route: Pick<Route, 'tenantId' | 'agentId' | 'agentName' | 'cardVersion'>;
  readonly skillId: string;
  readonly message: Pick<Message, 'parts' | 'metadata' | 'extensions'>;
  readonly acceptedOutputModes: readonly string[];
  readonly metadata: Message['metadata'] | undefined;
  /** URIs of the extensions in use. */
  readonly extensions: readonly string[];
  readonly ownerId: string;
}

/** The canonical text of a JSON value (RFC 8785). Throws for a value without one. */
export type Canonical = (value: JsonValue) => string;

/**
 * The cache key of a call, 32 hex digits: a digest of the agent's input in canonical form, the agent and its card version. Ids
 * (message, task, context, request) are left out, so that equal calls share a key. Unless the tenant shares results, the caller is part
 * of the key, because the agent learns who calls. Null when the input has no canonical form.
 */
export function resultKey(
  canonical: Canonical,
  call: CacheableCall,
  policy: { readonly sharedBy: 'caller' | 'tenant'; readonly purges: number },
): string | null {
  const { route, skillId, message, acceptedOutputModes, metadata, extensions } = call;
  const input = {
    parts: message.parts,
    ...(message.metadata === undefined ? {} : { messageMetadata: message.metadata }),
    ...(message.extensions === undefined ? {} : { messageExtensions: message.extensions.toSorted() }),
    ...(metadata === undefined ? {} : { metadata }),
    modes: acceptedOutputModes,
    extensions: extensions.toSorted(),
    agent: route.agentId,
    cardVersion: route.cardVersion,
    skill: skillId,
    owner: policy.sharedBy === 'caller' ? call.ownerId : null,
    purges: policy.purges,
  };
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- decoded from JSON, so it is JSON
    return digest128(canonical(input as unknown as JsonValue));
  } catch {
    return null;
  }
}
