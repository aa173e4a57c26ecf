import { PlatformError } from '../../kernel/errors.ts';
import type { AgentId, TenantId } from '../../kernel/ids.ts';
import type { SealedCredential } from './agent.ts';
import type { CredentialInput } from './registration-rules.ts';
import type { SecretBox } from './secret-box.ts';

/** Whose credential it is, and where alone it may travel. */
export interface CredentialPlace {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  /** Scheme, host and port of the agent. */
  readonly origin: string;
}

const defaultHeader = 'X-API-Key';
const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Seals a credential for one agent at one origin. */
export function sealCredential(box: SecretBox, input: CredentialInput, place: CredentialPlace): SealedCredential {
  return {
    kind: input.kind,
    header: input.kind === 'api-key' ? (input.header ?? defaultHeader) : null,
    sealed: box.seal(utf8.encode(input.value), contextOf(place)),
    origin: place.origin,
  };
}

/**
 * The credential's value, for a call to `place`. Throws `internal.unexpected` when it was sealed for another agent or origin: a
 * credential never follows an agent to a new address.
 */
export function unsealCredential(box: SecretBox, sealed: Uint8Array, place: CredentialPlace): string {
  try {
    return strictUtf8.decode(box.open(sealed, contextOf(place)));
  } catch (cause) {
    throw new PlatformError('internal.unexpected', { cause });
  }
}

/** The origin that a credential for this interface is bound to. */
export function credentialOriginOf({ url }: { readonly url: string }): string {
  return new URL(url).origin;
}

function contextOf({ tenantId, agentId, origin }: CredentialPlace): string {
  return `upstream-credential ${tenantId} ${agentId} ${origin}`;
}
