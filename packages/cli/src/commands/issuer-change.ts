import { ColloquyError } from '@colloquy/sdk/client';
import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import { termOptions, termsIn } from './issuer-terms.ts';

export const issuerChange: Command = {
  name: 'issuer change',
  summary: 'Change what the tokens of an external issuer mean',
  positionals: ['<issuer-id>'],
  options: { ...termOptions, name: { type: 'string', value: 'text', description: 'Another name for people' } },
  connects: true,
  details: 'What is not given stays as it is; --map replaces the whole map. Who acts by its tokens stays the same.',
  examples: ['colloquy issuer change iss_0192… --map agents.call=a2a:send --map agents.read=a2a:read'],
  async run({ args, client, output }) {
    const issuerId = args.positional(0);
    const { admin } = client();
    const known = (await allItems(admin.listIssuers, {})).find((issuer) => issuer.issuerId === issuerId);
    if (known === undefined) throw unknownIssuer();
    const { name, algorithms, tokenType, subjectClaim, scopesClaim, scopeMap } = known;
    const kept = { name, algorithms, tokenType, subjectClaim, scopesClaim, scopeMap };
    const wanted = args.text('name');
    const terms = { ...kept, ...termsIn(args), ...(wanted === undefined ? {} : { name: wanted }) };
    output.print(await admin.changeIssuer({ issuer: issuerId, body: terms }), `Changed ${issuerId}.`);
  },
};

/** What the platform says of an issuer that it does not know; to ask it, the terms would have to be known. */
function unknownIssuer(): ColloquyError {
  const message = 'There is no such external issuer.';
  return new ColloquyError({ code: 'access.issuer-unknown', kind: 'not-found', message, retry: { kind: 'never' } });
}
