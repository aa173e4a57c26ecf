import { Type } from 'typebox';
import type { Static } from 'typebox';
import { idOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { namePrincipals } from '../../../modules/access/index.ts';
import { timeFrom } from '../../../modules/gateway/index.ts';
import {
  grantCredits,
  isOfTask,
  ledgerMoves,
  listLedgerEntries,
  readBalance,
  readCreditSettings,
  setCreditSettings,
  transferCredits,
} from '../../../modules/metering/index.ts';
import type {
  CreditBalance,
  CreditSettings,
  LedgerEntryKind,
  ListedLedgerEntry,
} from '../../../modules/metering/index.ts';
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

export const balanceSchema = component(
  'CreditBalance',
  Type.Object(
    {
      grantedMicrocredits: Type.Integer(amount),
      availableMicrocredits: Type.Integer(amount),
      reservedMicrocredits: Type.Integer(amount),
      usedMicrocredits: Type.Integer(amount),
      expiredMicrocredits: Type.Integer({ ...amount, description: 'What was left of grants that have expired.' }),
      overageMicrocredits: Type.Integer({
        ...amount,
        description: 'Used beyond what was granted: what the tenant owes.',
      }),
    },
    { ...closed, description: 'granted + overage = available + reserved + used + expired' },
  ),
);

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a closed table
export const entryKinds = Object.keys(ledgerMoves) as LedgerEntryKind[];

const ledgerEntrySchema = component(
  'LedgerEntry',
  Type.Object(
    {
      kind: Type.Enum(entryKinds),
      reservationId: Type.String({
        description: 'Of a grant or a transfer, its id; otherwise the digits of the task id.',
      }),
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
    expiresAt: Type.Optional(time('What is left of the grant then expires. Absent: never.')),
  },
  closed,
);
const transferBody = Type.Object(
  {
    to: Type.String({ minLength: 1, maxLength: 63, description: 'The tenant that receives.' }),
    amountMicrocredits: Type.Integer({ ...amount, minimum: 1 }),
    transferId: Type.Optional(
      Type.String({
        pattern: '^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$',
        description: 'A UUID of your choice. Sending the transfer again with it transfers once.',
      }),
    ),
  },
  closed,
);
const transferAnswer = Type.Object({ transferId: Type.String(), balance: balanceSchema }, closed);
const grantAnswer = Type.Object({ grantId: Type.String(), balance: balanceSchema }, closed);
const taskId = Type.String({ maxLength: 64, description: 'Only the entries of this task.' });

export const balanceAnswer = (balance: CreditBalance): Static<typeof balanceSchema> => ({
  grantedMicrocredits: Number(balance.grantedMicrocredits),
  availableMicrocredits: Number(balance.availableMicrocredits),
  reservedMicrocredits: Number(balance.reservedMicrocredits),
  usedMicrocredits: Number(balance.usedMicrocredits),
  expiredMicrocredits: Number(balance.expiredMicrocredits),
  overageMicrocredits: Number(balance.overageMicrocredits),
});

const entryAnswer = (
  { task, ...entry }: ListedLedgerEntry,
  names: ReadonlyMap<string, string>,
): Static<typeof ledgerEntrySchema> => ({
  kind: entry.kind,
  reservationId: entry.reservationId,
  ...(isOfTask(entry.kind) ? { taskId: idOf('tsk', entry.reservationId) } : {}),
  ...(task === null ? {} : { agent: task.agentName, ...ownerOf(task.ownerId, names) }),
  amountMicrocredits: Number(entry.amountMicrocredits),
  createdAt: entry.createdAt.toISOString(),
});

const settingsFields = {
  overagePolicy: Type.Enum(['cap', 'debit'], {
    description:
      'cap: a task never costs more than was reserved for it. debit: the rest is charged, and owed when the wallet is empty.',
  }),
  overageMaxMicrocredits: Type.Integer({ ...amount, description: 'The most that the tenant may owe.' }),
  unknownPriceMicrocredits: Type.Integer({
    ...amount,
    minimum: 1,
    description: 'Reserved in place of a price, or a part of it, that cannot be computed.',
  }),
  lowCreditMicrocredits: Type.Union([Type.Integer({ ...amount, minimum: 1 }), Type.Null()], {
    description: 'An alert is raised when less is available. Null for none.',
  }),
};
const optionalFields = {
  overagePolicy: Type.Optional(settingsFields.overagePolicy),
  overageMaxMicrocredits: Type.Optional(settingsFields.overageMaxMicrocredits),
  unknownPriceMicrocredits: Type.Optional(settingsFields.unknownPriceMicrocredits),
  lowCreditMicrocredits: Type.Optional(settingsFields.lowCreditMicrocredits),
};
const settingsSchema = component('CreditSettings', Type.Object(settingsFields, closed));

const settingsAnswer = (settings: CreditSettings): Static<typeof settingsSchema> => ({
  overagePolicy: settings.overagePolicy,
  overageMaxMicrocredits: Number(settings.overageMaxMicrocredits),
  unknownPriceMicrocredits: Number(settings.unknownPriceMicrocredits),
  lowCreditMicrocredits: settings.lowCreditMicrocredits === null ? null : Number(settings.lowCreditMicrocredits),
});

const settingsPath = '/tenants/{tenant}/credits/settings';

export const creditSettingsEndpoints = [
  endpoint({
    id: 'readCreditSettings',
    method: 'GET',
    path: settingsPath,
    operation: 'credits.read',
    summary: 'Read how the credits of the tenant are charged',
    answer: settingsSchema,
    uses: { readCreditSettings },
    handle: async ({ readCreditSettings }, { caller }) => settingsAnswer(await readCreditSettings(caller)),
  }),
  endpoint({
    id: 'setCreditSettings',
    method: 'PUT',
    path: settingsPath,
    operation: 'credits.change-settings',
    summary: 'Set how the credits of the tenant are charged; what is not given gets its default',
    body: Type.Object(optionalFields, closed),
    answer: settingsSchema,
    errors: ['credits.amount-invalid'],
    uses: { setCreditSettings },
    handle: async ({ setCreditSettings }, { caller, body }) => {
      const { overagePolicy, overageMaxMicrocredits: most, unknownPriceMicrocredits: unknown } = body;
      const low = body.lowCreditMicrocredits ?? null;
      const settings = {
        ...(overagePolicy === undefined ? {} : { overagePolicy }),
        ...(most === undefined ? {} : { overageMaxMicrocredits: BigInt(most) }),
        ...(unknown === undefined ? {} : { unknownPriceMicrocredits: BigInt(unknown) }),
        lowCreditMicrocredits: low === null ? null : BigInt(low),
      };
      return settingsAnswer(await setCreditSettings(caller, settings));
    },
  }),
];

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
    errors: ['credits.amount-invalid', 'credits.grant-conflict', 'credits.too-many-grants'],
    uses: { grantCredits },
    handle: async ({ grantCredits }, { caller, body }) => {
      const amountMicrocredits = BigInt(body.amountMicrocredits);
      const granted = await grantCredits(caller, {
        amountMicrocredits,
        grantId: body.grantId ?? null,
        ...(body.expiresAt === undefined ? {} : { expiresAt: new Date(timeFrom(body.expiresAt, 'expiresAt')) }),
      });
      return { grantId: granted.grantId, balance: balanceAnswer(granted.balance) };
    },
  }),
  endpoint({
    id: 'transferCredits',
    method: 'POST',
    path: '/tenants/{tenant}/credits/transfers',
    operation: 'credits.transfer',
    summary: 'Move available credits of the tenant to another one',
    body: transferBody,
    answer: transferAnswer,
    status: 201,
    errors: ['credits.amount-invalid', 'credits.insufficient', 'credits.transfer-conflict'],
    uses: { transferCredits },
    handle: async ({ transferCredits }, { caller, body }) => {
      const { to, transferId } = body;
      const amountMicrocredits = BigInt(body.amountMicrocredits);
      const transferred = await transferCredits(caller, { to, amountMicrocredits, transferId: transferId ?? null });
      return { transferId: transferred.transferId, balance: balanceAnswer(transferred.balance) };
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
