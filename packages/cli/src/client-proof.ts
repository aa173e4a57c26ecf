import { readFileSync } from 'node:fs';
import type { NewClient } from '@colloquy/sdk/client';
import type { Arguments } from './arguments.ts';
import { jsonIn } from './json-file.ts';
import { LocalError, UsageError } from './usage-error.ts';

type KeyAuthentication = NonNullable<NewClient['authentication']>;
type NameKind = NonNullable<KeyAuthentication['subject']>['kind'];

const nameKinds: readonly NameKind[] = ['dn', 'dns', 'uri', 'ip', 'email'];
/** What the tokens of a client can be bound to. */
export const tokenBindings = ['none', 'dpop', 'certificate'] as const;

/** How a new client authenticates with a key or certificate; undefined when it gets a secret. */
export function keyAuthentication(args: Arguments): KeyAuthentication | undefined {
  const [jwks, subject, certificates] = [args.text('jwks'), args.text('subject'), args.texts('certificate')];
  if ([jwks !== undefined, subject !== undefined, certificates.length > 0].filter(Boolean).length > 1)
    throw new UsageError(
      'A client has one authentication method.',
      'Give only one of --jwks, --subject and --certificate.',
    );
  if (jwks !== undefined) return { method: 'private_key_jwt', jwks: { keys: keysIn(jwks) } };
  if (subject !== undefined) return { method: 'tls_client_auth', subject: nameIn(subject) };
  if (certificates.length === 0) return undefined;
  return { method: 'self_signed_tls_client_auth', certificates: certificates.map(textIn) };
}

/** The token binding that `--token-binding` names. */
export function bindingOf(args: Arguments): Pick<NewClient, 'tokenBinding'> {
  const tokenBinding = args.choice('token-binding', tokenBindings);
  return tokenBinding === undefined ? {} : { tokenBinding };
}

/** The text of a file. Throws a LocalError when it can not be read. */
export function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new LocalError(`The file ${file} can not be read.`, 'Check its path and permissions.');
  }
}

function keysIn(file: string): ReturnType<typeof jsonIn>[] {
  const json = jsonIn(file);
  const { keys = [json] } = json;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the platform judges each of them
  return [keys].flat() as ReturnType<typeof jsonIn>[];
}

function nameIn(text: string): { readonly kind: NameKind; readonly value: string } {
  const at = text.indexOf('=');
  const kind = nameKinds.find((one) => one === text.slice(0, Math.max(0, at)));
  if (kind === undefined)
    throw new UsageError(
      `--subject does not accept "${text}".`,
      'Write it like dn=CN=worker,O=Example or dns=worker.example.',
    );
  return { kind, value: text.slice(at + 1) };
}
