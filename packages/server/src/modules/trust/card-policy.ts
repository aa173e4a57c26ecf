/** Whether an agent may be registered without a signature that the tenant can verify. */
export type SignaturePolicy = 'accept' | 'require';

/** Agents whose changed url, security scheme or skill set needs an approval: those with a signed card, all, or none. */
export type ApprovalPolicy = 'signed' | 'always' | 'never';

/** The requirements for cards. */
export interface CardPolicy {
  readonly signatures: SignaturePolicy;
  readonly approval: ApprovalPolicy;
}

/** The requirements of one agent's registration. Null: the tenant's policy applies. */
export interface OwnCardPolicy {
  readonly signatures: SignaturePolicy | null;
  readonly approval: ApprovalPolicy | null;
}

/** Holds for a tenant that chose nothing. */
export const defaultCardPolicy: CardPolicy = { signatures: 'accept', approval: 'signed' };

/** The effective policy of one agent. */
export function effectivePolicy(tenant: CardPolicy | null, own: OwnCardPolicy): CardPolicy {
  const { signatures, approval } = tenant ?? defaultCardPolicy;
  return { signatures: own.signatures ?? signatures, approval: own.approval ?? approval };
}

/** Whether a material change of an agent needs an approval: of its addresses, its skills, or its instances. */
export function isGuarded(
  approval: ApprovalPolicy,
  { state }: { readonly state: 'unsigned' | 'verified' | 'untrusted-key' },
): boolean {
  return approval === 'always' || (approval === 'signed' && state !== 'unsigned');
}
