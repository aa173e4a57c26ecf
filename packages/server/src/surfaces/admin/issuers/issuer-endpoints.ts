import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import {
  externalAlgorithms,
  externalTokenTypes,
  registerIssuer,
  listIssuers,
  changeIssuer,
  removeIssuer,
} from '../../../modules/issuers/index.ts';
import type { ExternalIssuer, IssuerSettings } from '../../../modules/issuers/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, pageAnswer, pageOfSchema, pageQuery, pageRequestOf, time } from '../page-schemas.ts';

const address = (description: string) => Type.String({ minLength: 1, maxLength: 500, description });
const claim = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });

const name = Type.String({ maxLength: 200, description: 'For people.' });
const issuer = address('Its issuer identifier, character by character as tokens carry it.');
const audience = address('The one audience of tokens for this tenant.');
const algorithms = Type.Array(Type.Enum([...externalAlgorithms]), {
  minItems: 1,
  maxItems: externalAlgorithms.length,
  uniqueItems: true,
  description: 'What its tokens may be signed with.',
});
const tokenType = Type.Enum([...externalTokenTypes], {
  description:
    '`at+jwt`: only what calls itself an access token (RFC 9068). `jwt`: also tokens without a type of their own.',
});
const subjectClaim = claim('The claim that names who acts: its name, or a JSON Pointer.');
const scopesClaim = claim('The claim that says what may be done, as words or as a list: its name, or a JSON Pointer.');
const scopeMap = Type.Record(Type.String(), Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 32 }), {
  minProperties: 1,
  maxProperties: limits.externalScopesMax,
  description: 'From words of that claim to scopes of this platform; a word that is not here grants nothing.',
});

const issuerSchema = Type.Object(
  {
    issuerId: Type.String(),
    name,
    issuer,
    audience,
    algorithms,
    tokenType,
    subjectClaim,
    scopesClaim,
    scopeMap,
    addedBy: Type.String({ description: 'Id of the principal that registered it.' }),
    createdAt: time('Since when its tokens are accepted.'),
    removedAt: Type.Optional(time('Since when they are not.')),
  },
  closed,
);
const settingFields = {
  name,
  algorithms: Type.Optional(algorithms),
  tokenType: Type.Optional(tokenType),
  subjectClaim: Type.Optional(subjectClaim),
  scopesClaim: Type.Optional(scopesClaim),
  scopeMap,
};
const settingsSchema = Type.Object(settingFields, closed);

/** Absent fields get the value that most servers need. */
function settingsIn(body: Static<typeof settingsSchema>): IssuerSettings {
  const { algorithms: signed, tokenType: type, subjectClaim: subject, scopesClaim: granted } = body;
  return {
    name: body.name,
    algorithms: signed ?? externalAlgorithms,
    tokenType: type ?? 'at+jwt',
    subjectClaim: subject ?? 'sub',
    scopesClaim: granted ?? 'scope',
    scopeMap: body.scopeMap,
  };
}

const answerOf = (found: ExternalIssuer): Static<typeof issuerSchema> => ({
  issuerId: found.issuerId,
  name: found.name,
  issuer: found.issuer,
  audience: found.audience,
  algorithms: [...found.algorithms],
  tokenType: found.tokenType,
  subjectClaim: found.subjectClaim,
  scopesClaim: found.scopesClaim,
  scopeMap: Object.fromEntries(Object.entries(found.scopeMap).map(([word, scopes]) => [word, [...scopes]])),
  addedBy: found.addedBy,
  createdAt: found.createdAt.toISOString(),
  ...(found.removedAt === null ? {} : { removedAt: found.removedAt.toISOString() }),
});

const path = '/tenants/{tenant}/issuers';

export const issuerEndpoints = [
  endpoint({
    id: 'registerIssuer',
    method: 'POST',
    path,
    operation: 'issuer.register',
    summary: 'Accept the access tokens of another authorization server for this tenant',
    body: Type.Object({ ...settingFields, issuer, audience: Type.Optional(audience) }, closed),
    answer: issuerSchema,
    status: 201,
    errors: ['egress.refused', 'access.issuer-exists', 'access.issuer-limit', 'access.issuer-unreachable'],
    uses: { registerIssuer },
    handle: async ({ registerIssuer }, { caller, body, publicUrl }) => {
      const { issuer: identifier, audience: wanted, ...settings } = body;
      const input = { ...settingsIn(settings), issuer: identifier, audience: wanted ?? null, publicUrl };
      return answerOf(await registerIssuer(caller, input));
    },
  }),
  endpoint({
    id: 'listIssuers',
    method: 'GET',
    path,
    operation: 'issuer.list',
    summary: 'List the external issuers of the tenant, oldest first, removed ones too',
    query: pageQuery,
    answer: pageOfSchema(issuerSchema),
    uses: { listIssuers },
    handle: async ({ listIssuers }, { caller, query }) =>
      pageAnswer(await listIssuers(caller, pageRequestOf(query)), answerOf),
  }),
  endpoint({
    id: 'changeIssuer',
    method: 'PUT',
    path: `${path}/{issuer}`,
    operation: 'issuer.change',
    summary: 'Change what the tokens of an external issuer mean; its principals stay who they are',
    body: settingsSchema,
    answer: issuerSchema,
    errors: ['access.issuer-unknown'],
    uses: { changeIssuer },
    handle: async ({ changeIssuer }, { caller, body, path: { issuer: issuerId } }) =>
      answerOf(await changeIssuer(caller, { ...settingsIn(body), issuerId })),
  }),
  endpoint({
    id: 'removeIssuer',
    method: 'DELETE',
    path: `${path}/{issuer}`,
    operation: 'issuer.remove',
    summary: 'Accept no more tokens of an external issuer; they are refused within seconds',
    errors: ['access.issuer-unknown'],
    uses: { removeIssuer },
    handle: ({ removeIssuer }, { caller, path: { issuer: issuerId } }) => removeIssuer(caller, issuerId),
  }),
];
