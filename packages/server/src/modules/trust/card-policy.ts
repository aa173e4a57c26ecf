/** Whether an agent is let in without a signature that the tenant can verify. */
export type SignaturePolicy = 'accept' | 'require';

/** Whose changed url, security scheme or skill set waits for approval: agents with a signed card, every agent, or none. */
export type ApprovalPolicy = 'signed' | 'always' | 'never';

/** What is demanded of cards. */
export interface CardPolicy {
  readonly signatures: SignaturePolicy;
  readonly approval: ApprovalPolicy;
}

/** What an agent's registration demands by itself. Null: as the tenant's policy says. */
export interface OwnCardPolicy {
  readonly signatures: SignaturePolicy | null;
  readonly approval: ApprovalPolicy | null;
}

/** Holds for a tenant that chose nothing. */
export const defaultCardPolicy: CardPolicy = { signatures: 'accept', approval: 'signed' };

/** What holds for one agent. */
export function effectivePolicy(tenant: CardPolicy | null, own: OwnCardPolicy): CardPolicy {
  const { signatures, approval } = tenant ?? defaultCardPolicy;
  return { signatures: own.signatures ?? signatures, approval: own.approval ?? approval };
}

/** Whether what is material about an agent has to be let in by somebody: where its card leads, what it offers, a place that it runs at. */
export function isGuarded(
  approval: ApprovalPolicy,
  { state }: { readonly state: 'unsigned' | 'verified' | 'untrusted-key' },
): boolean {
  return approval === 'always' || (approval === 'signed' && state !== 'unsigned');
}
