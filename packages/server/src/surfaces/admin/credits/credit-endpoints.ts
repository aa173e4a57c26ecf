import { Type } from 'typebox';
import type { Static } from 'typebox';
import { idOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { namePrincipals } from '../../../modules/access/index.ts';
import { grantCredits, readBalance, listLedgerEntries } from '../../../modules/metering/index.ts';
import type { CreditBalance, ListedLedgerEntry } from '../../../modules/metering/index.ts';
import { endpoint } from '../endpoint.ts';
import {
  closed,
  component,
  ownerOf,
  pageAnswer,
  pageFields,
  pageOfSchema,
  pageRequestOf,
  principalName,
  time,
} from '../page-schemas.ts';

const amount = { minimum: 0, maximum: limits.amountMicrocreditsMax } as const;

const balanceSchema = component(
  'CreditBalance',
  Type.Object(
    {
      grantedMicrocredits: Type.Integer(amount),
      availableMicrocredits: Type.Integer(amount),
      reservedMicrocredits: Type.Integer(amount),
      usedMicrocredits: Type.Integer(amount),
    },
    { ...closed, description: 'granted = available + reserved + used' },
  ),
);

const ledgerEntrySchema = component(
  'LedgerEntry',
  Type.Object(
    {
      kind: Type.Enum(['grant', 'reserve', 'settle', 'release']),
      reservationId: Type.String({ description: 'Of a grant, its id; otherwise the digits of the task id.' }),
      taskId: Type.Optional(Type.String({ description: 'The task whose price is moved.' })),
      agent: Type.Optional(Type.String({ description: 'Name of the agent of that task.' })),
      ownerId: Type.Optional(Type.String({ description: 'Id of the principal that sent that task.' })),
      ownerName: principalName,
      amountMicrocredits: Type.Integer({ ...amount, minimum: 1 }),
      createdAt: time('When it was written.'),
    },
    closed,
  ),
);

const grantBody = Type.Object(
  {
    amountMicrocredits: Type.Integer({ ...amount, minimum: 1 }),
    grantId: Type.Optional(
      Type.String({
        pattern: '^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$',
        description: 'A UUID of your choice. Sending the grant again with it grants once.',
      }),
    ),
  },
  closed,
);
const grantAnswer = Type.Object({ grantId: Type.String(), balance: balanceSchema }, closed);
const taskId = Type.String({ maxLength: 64, description: 'Only the entries of this task.' });

const balanceAnswer = (balance: CreditBalance): Static<typeof balanceSchema> => ({
  grantedMicrocredits: Number(balance.grantedMicrocredits),
  availableMicrocredits: Number(balance.availableMicrocredits),
  reservedMicrocredits: Number(balance.reservedMicrocredits),
  usedMicrocredits: Number(balance.usedMicrocredits),
});

const entryAnswer = (
  { task, ...entry }: ListedLedgerEntry,
  names: ReadonlyMap<string, string>,
): Static<typeof ledgerEntrySchema> => ({
  kind: entry.kind,
  reservationId: entry.reservationId,
  ...(entry.kind === 'grant' ? {} : { taskId: idOf('tsk', entry.reservationId) }),
  ...(task === null ? {} : { agent: task.agentName, ...ownerOf(task.ownerId, names) }),
  amountMicrocredits: Number(entry.amountMicrocredits),
  createdAt: entry.createdAt.toISOString(),
});

export const creditEndpoints = [
  endpoint({
    id: 'grantCredits',
    method: 'POST',
    path: '/tenants/{tenant}/credits/grants',
    operation: 'credits.grant',
    summary: 'Add credits to the wallet of the tenant',
    body: grantBody,
    answer: grantAnswer,
    status: 201,
    errors: ['credits.amount-invalid', 'credits.grant-conflict'],
    uses: { grantCredits },
    handle: async ({ grantCredits }, { caller, body }) => {
      const amountMicrocredits = BigInt(body.amountMicrocredits);
      const granted = await grantCredits(caller, { amountMicrocredits, grantId: body.grantId ?? null });
      return { grantId: granted.grantId, balance: balanceAnswer(granted.balance) };
    },
  }),
  endpoint({
    id: 'readBalance',
    method: 'GET',
    path: '/tenants/{tenant}/credits',
    operation: 'credits.read',
    summary: 'Read the wallet of the tenant',
    answer: balanceSchema,
    uses: { readBalance },
    handle: async ({ readBalance }, { caller }) => balanceAnswer(await readBalance(caller)),
  }),
  endpoint({
    id: 'listLedgerEntries',
    method: 'GET',
    path: '/tenants/{tenant}/credits/entries',
    operation: 'credits.read',
    summary: 'List the ledger entries of the tenant, newest first',
    query: Type.Object({ ...pageFields, taskId: Type.Optional(taskId) }, closed),
    answer: pageOfSchema(ledgerEntrySchema),
    uses: { listLedgerEntries, namePrincipals },
    handle: async ({ listLedgerEntries, namePrincipals }, { caller, query: { taskId, ...page } }) => {
      const request = { ...pageRequestOf(page), taskId: taskId ?? null };
      const entries = await listLedgerEntries(caller, request);
      const owners = entries.items.flatMap(({ task }) => (task === null ? [] : [task.ownerId]));
      const names = await namePrincipals(caller, owners);
      return pageAnswer(entries, (entry) => entryAnswer(entry, names));
    },
  }),
];
