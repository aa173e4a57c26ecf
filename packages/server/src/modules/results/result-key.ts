import type { JsonValue, Message } from '@colloquy/protocol';
import { digest128 } from '../../kernel/digest.ts';
import type { Route } from '../routing/index.ts';

/** Everything of a call that can change what the agent answers. */
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

/** The text that a JSON value has for every reader (RFC 8785). Throws for what has no such text. */
export type Canonical = (value: JsonValue) => string;

/**
 * The key of a call, 32 hex digits: what the agent is told, in canonical form, and which version of which agent is asked. Left out are
 * the ids (message, task, context, request), the reason the call can have a result of another at all. The caller is part of it
 * wherever results are not shared in the tenant: the agent is told who calls. Null for what has no canonical form.
 */
export function resultKey(
  canonical: Canonical,
  call: CacheableCall,
  terms: { readonly sharedBy: 'caller' | 'tenant'; readonly purges: number },
): string | null {
  const { route, skillId, message, acceptedOutputModes, metadata, extensions } = call;
  const told = {
    parts: message.parts,
    ...(message.metadata === undefined ? {} : { messageMetadata: message.metadata }),
    ...(message.extensions === undefined ? {} : { messageExtensions: message.extensions.toSorted() }),
    ...(metadata === undefined ? {} : { metadata }),
    modes: acceptedOutputModes,
    extensions: extensions.toSorted(),
    agent: route.agentId,
    cardVersion: route.cardVersion,
    skill: skillId,
    owner: terms.sharedBy === 'caller' ? call.ownerId : null,
    purges: terms.purges,
  };
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- decoded from JSON, so it is JSON
    return digest128(canonical(told as unknown as JsonValue));
  } catch {
    return null;
  }
}
