import { Type } from 'typebox';
import { closed } from './page-schemas.ts';

/** A problem document (RFC 9457) as every error of this API is answered. */
export const problemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable code of the error.' }),
    detail: Type.String(),
    requestId: Type.String({ description: 'Quote it when you report the problem.' }),
    details: Type.Optional(Type.Record(Type.String(), Type.String())),
    violations: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), description: Type.String() }, closed), {
        description: 'What is wrong with the request, field by field.',
      }),
    ),
  },
  closed,
);
