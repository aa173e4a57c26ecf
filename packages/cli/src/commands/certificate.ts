import type { CheckedCertificate } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { facts, table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

const certificateList: Command = {
  name: 'certificate list',
  summary: 'List the TLS certificates of agent endpoints, or with --own of the platform',
  positionals: [],
  options: {
    own: { type: 'boolean', description: 'Certificates that the platform presents to its callers (operators)' },
  },
  connects: true,
  examples: ['colloquy certificate list', 'colloquy certificate list --own'],
  async run({ args, client, output }) {
    const { admin } = client();
    if (args.flag('own')) {
      const shown = (await admin.listListenerCertificates()).items;
      const own = shown.map(({ listener, subject, names, notAfter }) => [listener, subject, names, endOf(notAfter)]);
      const text = table(['LISTENER', 'SUBJECT', 'NAMES', 'ENDS'], own) || 'The platform listens without TLS.';
      return output.print(shown, text);
    }
    const known = await allItems(admin.listCertificates, {});
    const rows = known.map(({ agent, origin, seen, pinnedKeys }) => [
      agent,
      origin || 'no instance',
      seen === undefined ? 'not checked' : endOf(seen.notAfter),
      [seen?.warning, seen?.problem, seen?.pinned === false ? 'key not pinned' : undefined]
        .filter((said) => said !== undefined)
        .join(', '),
      pinnedKeys.length === 0 ? '' : String(pinnedKeys.length),
    ]);
    output.print(known, table(['AGENT', 'ENDPOINT', 'ENDS', 'PROBLEM', 'PINS'], rows) || 'There are no agents.');
  },
};

const certificateCheck: Command = {
  name: 'certificate check',
  summary: "Check the TLS certificates of an agent's endpoints now",
  positionals: ['<agent>'],
  options: {
    endpoint: {
      type: 'string',
      value: 'origin',
      description: 'Check only this endpoint, as "certificate list" shows it',
    },
  },
  connects: true,
  details: 'Checks one endpoint for each origin of the instances.',
  examples: [
    'colloquy certificate check billing',
    'colloquy certificate check billing --endpoint https://b.agents.example',
  ],
  async run({ args, client, output }) {
    const only = { origin: args.text('endpoint') };
    const certificates = await client().admin.checkCertificate({ agent: args.positional(0), ...only });
    output.print(certificates, certificates.endpoints.map(textOf).join('\n\n'));
  },
};

function textOf({ origin, instances, seen, failure }: CheckedCertificate): string {
  const where = [
    ['endpoint', origin],
    ['instances', instances.join(' ')],
  ] as const;
  if (failure !== undefined) return facts([...where, ['not checked', failure]]);
  const pins = seen?.pinned === undefined ? 'none' : seen.pinned ? 'matches' : 'does NOT match';
  return facts([
    ...where,
    ['subject', seen?.subject ?? ''],
    ['issuer', seen?.issuer ?? ''],
    ['ends', endOf(seen?.notAfter ?? '')],
    ['key', seen?.keyPin ?? ''],
    ['pinned key', pins],
    ['problem', seen?.problem ?? 'none'],
  ]);
}

const certificatePin: Command = {
  name: 'certificate pin',
  summary: "Pin the keys that an agent's endpoints may present",
  positionals: ['<agent>'],
  options: {
    key: {
      type: 'string',
      value: 'digest',
      multiple: true,
      description: 'SHA-256 of a public key in base64',
    },
    none: { type: 'boolean', description: 'Remove the pins; accept any valid certificate' },
  },
  connects: true,
  details: 'Needs the scope agents:approve. Calls to an endpoint with another key fail with upstream.key-refused.',
  examples: [
    'colloquy certificate pin billing --key "$(colloquy certificate check billing --json | jq -r .seen.keyPin)"',
  ],
  async run({ args, client, output }) {
    const keys = args.texts('key');
    if ((keys.length === 0) !== args.flag('none'))
      throw new UsageError(
        'Either --key or --none is needed.',
        'Find the key of an endpoint with "colloquy certificate check <agent>".',
      );
    const certificate = await client().admin.pinKeys({ agent: args.positional(0), body: { keys } });
    const text =
      keys.length === 0
        ? 'Endpoints may present any key.'
        : `Endpoints must present ${keys.length === 1 ? 'this key' : 'one of these keys'}.`;
    const refused = certificate.endpoints.filter(({ seen }) => seen?.pinned === false);
    const warnings = refused.map(({ origin }) => `${origin} presented another key: calls to it fail.`);
    output.print(certificate, [`${text} This applies everywhere within 5 seconds.`, ...warnings].join('\n'));
  },
};

export const certificateNouns: Nouns = {
  certificate: { group: 'Register agents', summary: 'List, check or pin the TLS certificates of agent endpoints' },
};

const dayMs = 24 * 60 * 60_000;
const warningDays = 21;

/** The end of a certificate, and a warning when it is near or past. */
function endOf(notAfter: string, nowMs = Date.now()): string {
  const days = Math.floor((Date.parse(notAfter) - nowMs) / dayMs);
  const day = notAfter.slice(0, 10);
  if (days < 0) return `${day} (ended)`;
  return days <= warningDays ? `${day} (in ${String(days)} days)` : day;
}

/** The commands of certificate, in the order of the help. */
export const certificateCommands: readonly Command[] = [certificateList, certificateCheck, certificatePin];
