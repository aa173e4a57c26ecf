import { interactionPolicy } from 'oidc-provider';
import type { ProviderContext } from 'oidc-provider';

/** When a person has to sign in: also when the signed-in person is of another tenant or disabled. */
export function signInPolicy(): readonly object[] {
  const policy = interactionPolicy.base();
  const isGone = ({ oidc }: ProviderContext): boolean =>
    oidc.session?.accountId !== undefined && oidc.account === undefined;
  policy.get('login')?.checks.add(new interactionPolicy.Check('account_gone', 'no person of this tenant', isGone));
  return policy;
}
