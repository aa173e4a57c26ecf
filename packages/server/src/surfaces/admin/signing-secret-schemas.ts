import { Type } from 'typebox';
import { limits } from '../../kernel/limits.ts';
import { closed, time } from './page-schemas.ts';

/** The secret that signs what is posted to a receiver. */
export const signingSecretSchema = Type.Object(
  { signingSecret: Type.String({ description: 'Standard Webhooks secret: `whsec_` and base64.' }) },
  closed,
);

/** How its secret is rotated. */
export const secretRotationSchema = Type.Object(
  {
    overlapMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: limits.webhookSecretOverlapMsMax,
        description: 'How long the former secret signs as well; 0 after a leak. Default: one day.',
      }),
    ),
  },
  closed,
);

export const rotatedSecretSchema = Type.Object(
  { ...signingSecretSchema.properties, formerUntil: time('Until when the former secret signs as well.') },
  closed,
);
