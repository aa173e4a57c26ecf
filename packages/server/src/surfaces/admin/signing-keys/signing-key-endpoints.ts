import { Type } from 'typebox';
import { listSigningKeys, rotateSigningKey, dropSigningKey } from '../../../modules/access/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, time } from '../page-schemas.ts';

const kid = Type.String({ maxLength: 64, description: 'RFC 7638 thumbprint of the public key.' });
const state = Type.Enum(['published', 'signing', 'retired', 'dropped']);

const signingKeySchema = Type.Object({ kid, state, createdAt: time('When it was made.') }, closed);

export const signingKeyEndpoints = [
  endpoint({
    id: 'listSigningKeys',
    method: 'GET',
    path: '/keys',
    operation: 'key.list',
    summary: 'List the signing keys of the platform, oldest first',
    answer: Type.Object({ items: Type.Array(signingKeySchema) }, closed),
    uses: { listSigningKeys },
    handle: async ({ listSigningKeys }, { caller }) => {
      const keys = await listSigningKeys(caller);
      const items = keys.map((key) => ({ kid: key.kid, state: key.state, createdAt: key.createdAt.toISOString() }));
      return { items };
    },
  }),
  endpoint({
    id: 'rotateSigningKey',
    method: 'POST',
    path: '/keys',
    operation: 'key.rotate',
    summary: 'Publish a successor of the key that signs; it signs once everybody can know it',
    answer: Type.Object({ kid }, closed),
    status: 201,
    errors: ['access.key-rotating', 'access.keys-elsewhere'],
    uses: { rotateSigningKey },
    handle: async ({ rotateSigningKey }, { caller }) => ({ kid: await rotateSigningKey(caller) }),
  }),
  endpoint({
    id: 'dropSigningKey',
    method: 'DELETE',
    path: '/keys/{kid}',
    operation: 'key.drop',
    summary: 'Drop a signing key at once; nothing that it signed is believed any more',
    errors: ['access.key-unknown', 'access.keys-elsewhere'],
    uses: { dropSigningKey },
    handle: ({ dropSigningKey }, { caller, path }) => dropSigningKey(caller, { kid: path.kid }),
  }),
];
