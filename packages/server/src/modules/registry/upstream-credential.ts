import type { AgentId, TenantId } from '../../kernel/ids.ts';
import type { SecretBox, SecretPlace } from '../../kernel/secret-box.ts';
import type { SealedCredential } from './agent.ts';
import type { CredentialInput } from './registration-rules.ts';

/** The agent that a credential belongs to, and the only origin that it may be sent to. */
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
export async function sealCredential(
  box: SecretBox,
  input: CredentialInput,
  place: CredentialPlace,
): Promise<SealedCredential> {
  return {
    kind: input.kind,
    header: input.kind === 'api-key' ? (input.header ?? defaultHeader) : null,
    sealed: await box.seal(utf8.encode(input.value), secretPlaceOf(place)),
    origin: place.origin,
  };
}

/**
 * The credential's value, for a call to `place`. Rejects with `secret.unreadable` when it was sealed for another agent or origin, so a
 * credential is never sent to an agent's new address.
 */
export async function unsealCredential(box: SecretBox, sealed: Uint8Array, place: CredentialPlace): Promise<string> {
  return strictUtf8.decode(await box.open(sealed, secretPlaceOf(place)));
}

/** The origin that a credential for this interface is bound to. */
export function credentialOriginOf({ url }: { readonly url: string }): string {
  return new URL(url).origin;
}

function secretPlaceOf({ tenantId, agentId, origin }: CredentialPlace): SecretPlace {
  return { tenantId, table: 'agents', column: 'credential_sealed', rowId: agentId, boundTo: origin };
}
