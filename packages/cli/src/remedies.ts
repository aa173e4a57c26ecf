import type { ColloquyError, ErrorKind } from '@colloquy/sdk/client';

const byCode: ReadonlyMap<string, string> = new Map([
  ['sdk.unreachable', 'Start the platform with "colloquy up", or see "colloquy doctor".'],
  ['credits.insufficient', 'Ask an operator for "colloquy credits grant <tenant> <amount>".'],
  ['registry.card-signature-invalid', 'Ask whoever publishes the card to sign it anew, as it is.'],
  [
    'registry.card-signature-required',
    'See "colloquy card-key add --help", or change the policy with "colloquy card-policy".',
  ],
  ['registry.card-version-settled', 'See "colloquy agent versions <name>".'],
  ['registry.agent-unknown', 'See "colloquy agent list".'],
  ['access.api-key-limit', 'See "colloquy api-key list", and revoke one with "colloquy api-key revoke <key-id>".'],
  ['access.key-rotating', 'Ask again ten minutes after it was made; see "colloquy key list".'],
  ['access.keys-elsewhere', 'Put a new key where the platform finds its keys, then ask again.'],
  ['secret.rotation-pending', 'Ask again when it is finished; see "colloquy secret status".'],
  ['access.issuer-limit', 'See "colloquy issuer list".'],
  ['access.issuer-unknown', 'See "colloquy issuer list".'],
  [
    'access.issuer-unreachable',
    'Check that the issuer answers at its /.well-known/openid-configuration and names itself as you do.',
  ],
  ['task.unknown', "Check the task id and the tenant; other tenants' tasks can not be seen."],
  ['egress.refused', 'An operator can allow the address with "colloquy egress allow <target> --tenant <slug>".'],
  ['registry.card-unreachable', "Check that the agent runs and that the platform can reach the card's address."],
]);

const byKind: Readonly<Record<ErrorKind, string>> = {
  invalid: 'Correct the listed fields and try again.',
  unauthenticated: 'Check the client id and secret (COLLOQUY_CLIENT_ID, COLLOQUY_CLIENT_SECRET) or the profile.',
  forbidden: 'Use a client whose scopes allow this; see "colloquy client create --help".',
  'not-found': 'Check the name and the tenant.',
  conflict: 'Choose another name, or remove the existing one first.',
  precondition: 'Look at its state first, for example with "colloquy task show <id>".',
  'payment-required': 'Ask an operator for more credits.',
  'too-large': 'Send less at once.',
  'rate-limited': 'Wait a moment and try again.',
  unprocessable: 'Check that what answers at the address is what you named.',
  'upstream-failed': 'Look at the agent; nothing was charged.',
  'upstream-timeout': 'Look at the agent; nothing was charged.',
  unavailable: 'Wait a moment and try again; "colloquy doctor" says what is wrong.',
  canceled: 'Try again.',
  internal: 'Report it with the request id.',
};

/** One line about what the user can do about an error of the platform. */
export function remedyFor(error: ColloquyError): string {
  return byCode.get(error.code) ?? byKind[error.kind];
}
