import { readFileSync } from 'node:fs';
import type { NewClient } from '@colloquy/sdk/client';
import type { Arguments } from './arguments.ts';
import { jsonIn } from './json-file.ts';
import { LocalError, UsageError } from './usage-error.ts';

type KeyAuthentication = NonNullable<NewClient['authentication']>;
type NameKind = NonNullable<KeyAuthentication['subject']>['kind'];

const nameKinds: readonly NameKind[] = ['dn', 'dns', 'uri', 'ip', 'email'];
const bindings = ['none', 'dpop', 'certificate'] as const;

/** How a new client proves itself by what it holds; undefined when it shall have a secret. */
export function keyAuthentication(args: Arguments): KeyAuthentication | undefined {
  const [jwks, subject, certificates] = [args.text('jwks'), args.text('subject'), args.texts('certificate')];
  if ([jwks !== undefined, subject !== undefined, certificates.length > 0].filter(Boolean).length > 1)
    throw new UsageError('A client proves itself in one way.', 'Give --jwks, --subject or --certificate.');
  if (jwks !== undefined) return { method: 'private_key_jwt', jwks: { keys: keysIn(jwks) } };
  if (subject !== undefined) return { method: 'tls_client_auth', subject: nameIn(subject) };
  if (certificates.length === 0) return undefined;
  return { method: 'self_signed_tls_client_auth', certificates: certificates.map(textIn) };
}

/** What tokens shall be bound to, when that was said. */
export function bindingOf(text: string | undefined): Pick<NewClient, 'tokenBinding'> {
  if (text === undefined) return {};
  const tokenBinding = bindings.find((binding) => binding === text);
  if (tokenBinding === undefined) throw new UsageError(`--bound can not be "${text}".`, `Give ${bindings.join(', ')}.`);
  return { tokenBinding };
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
      `--subject can not be "${text}".`,
      'Give for example dn=CN=worker,O=Example or dns=worker.example.',
    );
  return { kind, value: text.slice(at + 1) };
}
