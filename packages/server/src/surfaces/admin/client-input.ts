import type { JsonObject } from '@colloquy/protocol';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { certificateNameKinds, clientAuthMethods } from '../../modules/access/index.ts';
import type { WantedAuthentication } from '../../modules/access/index.ts';
import { closed } from './page-schemas.ts';

export const certificatePem = Type.String({
  minLength: 1,
  maxLength: limits.certificateCharsMax,
  description: 'One certificate as PEM text.',
});

export const secretLifeSeconds = Type.Integer({
  minimum: 60,
  maximum: 10 * 365 * 24 * 60 * 60,
  description: 'After this time the secret ends; left out, it does not.',
});

/** How a client proves itself, as it is asked for. What a method does not need is refused. */
export const authenticationSchema = Type.Object(
  {
    method: Type.Enum([...clientAuthMethods]),
    jwks: Type.Optional(
      Type.Object(
        {
          keys: Type.Array(Type.Unsafe<JsonObject>({ type: 'object', maxProperties: 32 }), {
            maxItems: limits.clientKeysMax,
          }),
        },
        {
          ...closed,
          description: 'For private_key_jwt: public keys (RFC 7517): P-256, Ed25519, or RSA from 2048 bits.',
        },
      ),
    ),
    subject: Type.Optional(
      Type.Object(
        {
          kind: Type.Enum([...certificateNameKinds]),
          value: Type.String({ minLength: 1, maxLength: 1000 }),
        },
        {
          ...closed,
          description:
            'For tls_client_auth: the name that its certificate must show. A subject (`dn`) as RFC 4514 writes it, like `CN=worker,O=Example`.',
        },
      ),
    ),
    certificates: Type.Optional(
      Type.Array(certificatePem, {
        maxItems: limits.clientKeysMax,
        description: 'For self_signed_tls_client_auth: the certificates that it may present.',
      }),
    ),
  },
  { ...closed, description: 'How the client proves itself at the token endpoint; left out, with a secret.' },
);

type AuthenticationInput = Static<typeof authenticationSchema>;
type BySecret = Extract<WantedAuthentication, { readonly method: `client_secret_${string}` }>;

const needs: Readonly<Record<AuthenticationInput['method'], 'jwks' | 'subject' | 'certificates' | null>> = {
  client_secret_basic: null,
  client_secret_post: null,
  private_key_jwt: 'jwks',
  tls_client_auth: 'subject',
  self_signed_tls_client_auth: 'certificates',
};

export function authenticationOf(input: AuthenticationInput | undefined): WantedAuthentication {
  if (input === undefined) return { method: 'client_secret_basic' };
  const { method, jwks, subject, certificates } = input;
  const need = needs[method];
  for (const member of ['jwks', 'subject', 'certificates'] as const)
    if (member !== need && input[member] !== undefined) throw misplaced(`authentication.${member}`);
  if (method === 'client_secret_basic' || method === 'client_secret_post') return { method };
  if (method === 'private_key_jwt' && jwks !== undefined) return { method, jwks };
  if (method === 'tls_client_auth' && subject !== undefined) return { method, subject };
  if (method === 'self_signed_tls_client_auth' && certificates !== undefined) return { method, certificates };
  throw invalid(`authentication.${need ?? 'method'}`, 'is required for this method');
}

export function isBySecret(wanted: WantedAuthentication): wanted is BySecret {
  return wanted.method === 'client_secret_basic' || wanted.method === 'client_secret_post';
}

export function misplaced(field: string): PlatformError {
  return invalid(field, 'does not belong to this method of authentication');
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}
