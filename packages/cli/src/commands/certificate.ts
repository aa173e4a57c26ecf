import type { CheckedCertificate } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { endOf } from '../output/certificate-text.ts';
import { facts, table } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

const certificateList: Command = {
  name: 'certificate list',
  summary: "List the certificates of agents' endpoints, or with --own those of the platform",
  positionals: [],
  options: { own: { type: 'boolean', description: 'What the platform shows to its callers (operators)' } },
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
      seen === undefined ? 'not looked at' : endOf(seen.notAfter),
      [seen?.warning, seen?.problem, seen?.pinned === false ? 'another key than pinned' : undefined]
        .filter((said) => said !== undefined)
        .join(', '),
      pinnedKeys.length === 0 ? '' : String(pinnedKeys.length),
    ]);
    output.print(known, table(['AGENT', 'ENDPOINT', 'ENDS', 'PROBLEM', 'PINS'], rows) || 'There are no agents.');
  },
};

const certificateCheck: Command = {
  name: 'certificate check',
  summary: "Look at the certificates of an agent's endpoints now",
  positionals: ['<agent>'],
  options: {
    endpoint: { type: 'string', value: 'origin', description: 'Look at this one only, as certificate list shows it' },
  },
  connects: true,
  details: 'An agent has as many endpoints as its instances have origins; each is looked at and told of.',
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
  if (failure !== undefined) return facts([...where, ['not looked at', failure]]);
  const pins = seen?.pinned === undefined ? 'none' : seen.pinned ? 'shown' : 'NOT shown';
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
  summary: "Set the keys of which an agent's endpoints have to show one",
  positionals: ['<agent>'],
  options: {
    key: {
      type: 'string',
      value: 'digest',
      multiple: true,
      description: 'SHA-256 of a public key in base64; repeat for more',
    },
    none: { type: 'boolean', description: 'Let any key do whose certificate is vouched for' },
  },
  connects: true,
  details: 'Needs the scope agents:approve. Calls to an endpoint that shows another key fail as upstream.key-refused.',
  examples: [
    'colloquy certificate pin billing --key "$(colloquy certificate check billing --json | jq -r .seen.keyPin)"',
  ],
  async run({ args, client, output }) {
    const keys = args.texts('key');
    if ((keys.length === 0) !== args.flag('none'))
      throw new UsageError('Give the keys, or --none.', 'colloquy certificate check shows the key of an endpoint.');
    const certificate = await client().admin.pinKeys({ agent: args.positional(0), body: { keys } });
    const text =
      keys.length === 0 ? 'Any key will do.' : `Only ${keys.length === 1 ? 'this key' : 'these keys'} will do.`;
    const refused = certificate.endpoints.filter(({ seen }) => seen?.pinned === false);
    const warnings = refused.map(({ origin }) => `${origin} has shown another key: calls to it fail.`);
    output.print(certificate, [`${text} Every process obeys within 5 seconds.`, ...warnings].join('\n'));
  },
};

export const certificateNouns: Nouns = {
  certificate: { group: 'Register agents', summary: 'List, check or pin the TLS certificates of agent endpoints' },
};

/** The commands of certificate, in the order of the help. */
export const certificateCommands: readonly Command[] = [certificateList, certificateCheck, certificatePin];
