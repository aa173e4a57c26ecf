import type { SendMessageRequest } from '@colloquy/protocol';
import type { Caller } from '../../../kernel/caller.ts';
import { digest128 } from '../../../kernel/digest.ts';
import type { AgentAddress } from '../ports.ts';

/** What makes a repeated send the same send. Both are 32 hex digits. */
export interface SendIdentity {
  readonly keyHash: string;
  readonly fingerprint: string;
}

/**
 * The idempotency key of a send. An Idempotency-Key stands for itself, so another body under it is a conflict; a messageId
 * stands together with its body, so a reused messageId with another body is another task. The key goes by the public address: a
 * caller that repeats a send does not know that its agent was registered anew meanwhile.
 */
export function identifySend(
  caller: Caller,
  address: AgentAddress,
  request: SendMessageRequest,
  idempotencyKey: string | undefined,
): SendIdentity {
  // The model is built in one key order by every codec, so its JSON is the same for the same request.
  const fingerprint = digest128(JSON.stringify([request.message, request.metadata]));
  const key = idempotencyKey === undefined ? ['m', request.message.messageId, fingerprint] : ['k', idempotencyKey];
  const { tenantSlug, agentName } = address;
  return { keyHash: digest128(JSON.stringify([caller.principal.id, tenantSlug, agentName, ...key])), fingerprint };
}
