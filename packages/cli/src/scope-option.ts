import type { Arguments } from './arguments.ts';

/** What somebody needs who calls agents. */
export const everydayScopes = ['a2a:send', 'a2a:read', 'a2a:cancel'] as const;

/** The scopes of `--scope`, which may be given often and may list several; the everyday ones without it. */
export function scopesOf(args: Arguments): readonly string[] {
  const chosen = args.texts('scope').flatMap((scope) => scope.split(/[\s,]+/).filter((word) => word !== ''));
  return chosen.length > 0 ? chosen : everydayScopes;
}
