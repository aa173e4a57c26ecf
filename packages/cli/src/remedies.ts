import type { ColloquyError, ErrorKind } from '@colloquy/sdk/client';
import { operatorsTenant } from './connection/profile.ts';
import { nearestTo } from './near-words.ts';
import { tenantScopes } from './option-groups.ts';

const byCode: ReadonlyMap<string, string> = new Map([
  ['sdk.unreachable', 'Start the platform with "colloquy up", or run "colloquy doctor" to find the cause.'],
  ['credits.budget-exceeded', 'Run "colloquy budget list"; raise a limit with "colloquy budget set", or wait.'],
  ['registry.card-signature-invalid', 'Ask the publisher of the card to sign the current card again.'],
  [
    'registry.card-signature-required',
    'Trust its key with "colloquy card-key add", or change the policy with "colloquy card-policy".',
  ],
  ['registry.card-version-settled', 'Run "colloquy agent versions <name>" to see the state of each version.'],
  [
    'registry.agent-exists',
    'Choose another name. "colloquy agent update <name>" fetches the card of the registered agent again.',
  ],
  ['tenancy.tenant-exists', 'Use the tenant as it is, or choose another name; "colloquy tenant list" shows all.'],
  ['registry.agent-unknown', 'Run "colloquy agent list" to see the agents of the tenant.'],
  ['access.api-key-limit', 'Run "colloquy api-key list", and revoke a key with "colloquy api-key revoke <key-id>".'],
  ['access.key-rotating', 'Try again ten minutes after the new key was created; see "colloquy key list".'],
  ['access.keys-elsewhere', 'Add a new key to the configured key source, then try again.'],
  ['secret.rotation-pending', 'Try again when the rotation has finished; see "colloquy secret status".'],
  ['access.issuer-limit', 'Remove an issuer first; "colloquy issuer list" shows them.'],
  ['access.issuer-unknown', 'Run "colloquy issuer list" to see the issuers of the tenant.'],
  [
    'access.issuer-unreachable',
    'Check that /.well-known/openid-configuration of the issuer answers with exactly this issuer.',
  ],
  ['task.unknown', 'Check the task id and the tenant; tasks of other tenants are not visible.'],
  ['registry.card-unreachable', "Check that the agent runs and that the platform can reach the card's address."],
  ['registry.card-invalid', "Correct the listed fields of the agent's card, then run the command again."],
  ['delegation.budget-used', 'Give a higher --budget; "colloquy agent show <agent>" shows the price of a task.'],
  ['task.idempotency-conflict', 'Use another --message-id: a repeated id stands for the same message and its task.'],
]);

const ownCard = 'Give the address of the card itself, usually <origin>/.well-known/agent-card.json.';

/** By `details.cause` of `registry.card-unreachable`. */
const byCardCause: ReadonlyMap<string, string> = new Map([
  ['host-unknown', 'Check the spelling of the host. The platform asks the name servers of its own machine.'],
  ['connection-refused', 'Start the agent, or correct the port; localhost is the machine of the platform.'],
  ['connection-failed', 'Check that an HTTP server listens there, and whether it needs https:// or http://.'],
  ['tls-failed', 'Give the agent a certificate for this host that the platform trusts; check that it speaks TLS.'],
  ['timeout', 'Check that the agent runs, and that no firewall keeps the platform from it.'],
  ['redirect', 'Give the address that it leads to.'],
  ['http-status', `${ownCard} It must answer 200 without a login.`],
  ['too-large', 'Shorten the card to 256 KiB.'],
  ['not-json', ownCard],
  ['not-a-card', ownCard],
]);

const byKind: Readonly<Record<ErrorKind, string>> = {
  invalid: 'Correct the listed fields and try again.',
  unauthenticated: 'Check the client id and secret (COLLOQUY_CLIENT_ID, COLLOQUY_CLIENT_SECRET) or the profile.',
  forbidden: 'Use a client whose scopes allow this; see "colloquy client create --help".',
  'not-found': 'Check the name and the tenant.',
  conflict: 'Choose another name, or remove the existing one first.',
  precondition: 'Check its state first, for example with "colloquy task show <id>".',
  'payment-required': 'Ask an operator for more credits.',
  'too-large': 'Send less at once.',
  'rate-limited': 'Wait a moment and try again.',
  unprocessable: 'Check that the address belongs to the service that you named.',
  'upstream-failed': 'Check the agent and its log; nothing was charged.',
  'upstream-timeout': 'Check the agent and its log; nothing was charged.',
  unavailable: 'Wait a moment and try again; "colloquy doctor" shows what is wrong.',
  canceled: 'Try again.',
  internal: 'Report it with the request id.',
};

/** What is known of the command that failed. */
interface FailedCommand {
  readonly tenant: string | undefined;
  /** The URL that it was given. */
  readonly url: URL | undefined;
  /** The scopes that it was given. */
  readonly scopes: readonly string[];
  /** Name of a profile that acts as an operator of the platform, if there is one. */
  readonly operatorProfile: string | undefined;
}

/** One line about what the user can do about an error of the platform. */
export function remedyFor(error: ColloquyError, command: FailedCommand): string {
  const { scope, cause = '' } = error.details;
  if (error.code === 'access.scope-missing' && scope !== undefined) return scopeRemedy(scope, cause, command);
  if (error.code === 'credits.insufficient') return creditsRemedy(command);
  if (error.code === 'egress.refused') return egressRemedy(cause, command);
  if (cause === 'address-forbidden') return egressRemedy(cause, command);
  if (cause === 'host-unusable') return `Check the spelling of the host. ${egressRemedy(cause, command)}`;
  const ofCause = error.code === 'registry.card-unreachable' ? byCardCause.get(cause) : undefined;
  const ofScopes = error.violations.some(({ field }) => field === 'scopes') ? nearScopes(command.scopes) : undefined;
  return ofCause ?? ofScopes ?? byCode.get(error.code) ?? byKind[error.kind];
}

/** What to write instead of the scopes that do not exist, when there is a near one. */
function nearScopes(scopes: readonly string[]): string | undefined {
  const unknown = scopes.filter((scope) => !tenantScopes.includes(scope));
  const near = unknown.flatMap((scope) => {
    const [other] = nearestTo(scope, tenantScopes);
    return other === undefined ? [] : [`"${other}" instead of "${scope}"`];
  });
  return near.length === 0 ? undefined : `Did you mean ${near.join(', ')}?`;
}

function creditsRemedy({ tenant = '<tenant>' }: FailedCommand): string {
  if (tenant !== operatorsTenant)
    return `Ask an operator for "colloquy credits grant ${tenant} <amount> --profile <operator>".`;
  return `This is the operators' own tenant. Use the profile of a client of another tenant with --profile or COLLOQUY_PROFILE.`;
}

function egressRemedy(cause: string, { tenant = '<slug>', url }: FailedCommand): string {
  if (cause === 'own-address') return 'Give the address at which the agent itself listens.';
  if (cause === 'port')
    return 'Use another port. Those of other services, such as 22 or 5432, are never called; COLLOQUY_EGRESS_ALLOWED_PORTS of the platform can allow fewer.';
  const target = url?.hostname.replaceAll(/[[\]]/g, '') ?? '<target>';
  return `An operator can allow the address with "colloquy egress allow ${target} --tenant ${tenant}".`;
}

function scopeRemedy(scope: string, cause: string, { tenant = '<slug>', operatorProfile }: FailedCommand): string {
  if (scope === 'platform:operate')
    return 'Only an operator may do this: use its profile with --profile, or create one with "colloquy init".';
  const scopes = scope.split(' ');
  if (cause === 'escalation') return `Only an operator, or a client that has ${scopes.join(', ')} itself, may do this.`;
  const acting = `--profile ${operatorProfile ?? '<operator>'}`;
  const options = [...scopes.map((one) => `--scope ${one}`), `--tenant ${tenant}`, '--save-profile <name>', acting];
  return `Use a client that has it. An operator creates one: "colloquy client create <name> ${options.join(' ')}".`;
}
