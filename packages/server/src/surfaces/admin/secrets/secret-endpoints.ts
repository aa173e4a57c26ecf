import { Type } from 'typebox';
import type { Static } from 'typebox';
import { showSecretKeys, rotateSecrets } from '../../../modules/secrets/index.ts';
import type { SecretKeyState } from '../../../modules/secrets/index.ts';
import { endpoint } from '../endpoint.ts';
import { closed, time } from '../page-schemas.ts';

const rotationSchema = Type.Object(
  {
    rotationId: Type.String(),
    askedBy: Type.String(),
    askedAt: time('When it was asked for.'),
    renewsDataKeys: Type.Boolean({ description: 'Every tenant gets a new data key, and every secret is sealed anew.' }),
    stage: Type.Enum(['keys', 'secrets', 'finished']),
    resealed: Type.Integer({ minimum: 0, description: 'Secrets sealed anew so far.' }),
    unreadable: Type.Integer({ minimum: 0, description: 'Secrets that do not open, and stay as they are.' }),
    finishedAt: Type.Optional(time('When it had reached every secret.')),
  },
  closed,
);

const stateSchema = Type.Object(
  {
    kekId: Type.String({ description: 'Name of the key-encryption key that wraps data keys.' }),
    rotation: Type.Optional(rotationSchema),
  },
  closed,
);

const answerOf = ({ kekId, rotation }: SecretKeyState): Static<typeof stateSchema> => {
  if (rotation === null) return { kekId };
  const { askedAt, finishedAt, ...rest } = rotation;
  const finished = finishedAt === null ? {} : { finishedAt: finishedAt.toISOString() };
  return { kekId, rotation: { ...rest, askedAt: askedAt.toISOString(), ...finished } };
};

export const secretEndpoints = [
  endpoint({
    id: 'showSecretKeys',
    method: 'GET',
    path: '/secrets',
    operation: 'secret.read-keys',
    summary: 'Show which key wraps the data keys of secrets, and how the newest rotation stands',
    answer: stateSchema,
    uses: { showSecretKeys },
    handle: async ({ showSecretKeys }, { caller }) => answerOf(await showSecretKeys(caller)),
  }),
  endpoint({
    id: 'rotateSecrets',
    method: 'POST',
    path: '/secrets/rotations',
    operation: 'secret.rotate',
    summary: 'Wrap every data key with the newest configured key; on request, give every tenant a new data key',
    body: Type.Object({ renewsDataKeys: Type.Optional(Type.Boolean()) }, closed),
    answer: stateSchema,
    status: 201,
    errors: ['secret.rotation-pending'],
    uses: { rotateSecrets },
    handle: async ({ rotateSecrets }, { caller, body }) =>
      answerOf(await rotateSecrets(caller, { renewsDataKeys: body.renewsDataKeys ?? false })),
  }),
];
