import { limits, uuidOf } from '@colloquy/server/test';
import { entryLine } from './expected-entries.ts';
import type { Lane } from './lane.ts';
import { auditEntry, grantedMax } from './seeds.ts';
import type { CreditTenant } from './seeds.ts';

const grantMsMax = 400;

/** Every second grant expires while the run goes on. Those of the tenant that owes nothing are too large to be used up until then. */
function draftGrant(lane: Lane, { tenantId, policy }: CreditTenant) {
  const { ids, random } = lane.options;
  const expires = random.between(0, 1) === 0;
  const amount = BigInt(random.between(1, 1_000));
  const grant = {
    tenantId,
    grantId: uuidOf(ids.next('ent')),
    amountMicrocredits: expires && policy.overagePolicy === 'cap' ? amount * 100n : amount,
    grantedMicrocreditsMax: grantedMax,
    expiresAt: expires ? new Date(Date.now() + random.between(50, grantMsMax)) : null,
    expiringMax: limits.creditGrantsExpiringMax,
  };
  return { grant, entry: auditEntry(ids, tenantId, 'credits.granted') };
}

/** A grant that came too late for its own expiry is no fault. */
const outcomesOfGrant = (expiresAt: Date | null): readonly string[] =>
  expiresAt === null ? ['granted'] : ['granted', 'past'];

export async function topUp(lane: Lane): Promise<number> {
  const { grant, entry } = draftGrant(lane, lane.tenant);
  const outcome = await lane.answer(() => lane.options.ledger.grant(grant, entry));
  lane.expect(outcomesOfGrant(grant.expiresAt).includes(outcome.kind), 'a top-up', outcome);
  if (outcome.kind === 'granted') isGranted(lane, grant);
  return 1;
}

function isGranted(
  lane: Lane,
  { tenantId, grantId, amountMicrocredits }: ReturnType<typeof draftGrant>['grant'],
): void {
  lane.expected.push(entryLine(uuidOf(tenantId), grantId, 'grant', amountMicrocredits));
}

/** The same grant in two processes at once, and then its id with another amount. */
export async function topUpTwice(lane: Lane): Promise<number> {
  const { ledger, ledgerElsewhere } = lane.options;
  const { grant: drafted, entry } = draftGrant(lane, lane.tenant);
  const grant = { ...drafted, expiresAt: null };
  const outcomes = await Promise.all(
    [ledger, ledgerElsewhere].map((store) => lane.answer(() => store.grant(grant, entry))),
  );
  lane.expect(
    outcomes.every(({ kind }) => kind === 'granted'),
    'a top-up that is sent twice',
    outcomes,
  );
  const more = { ...grant, amountMicrocredits: grant.amountMicrocredits + 1n };
  const conflict = await lane.answer(() => ledger.grant(more, entry));
  lane.expect(conflict.kind === 'other-grant', 'a top-up with a used id', conflict);
  isGranted(lane, grant);
  return 3;
}

function draftTransfer(lane: Lane) {
  const { ids, random, tenants } = lane.options;
  const from = random.between(0, tenants.length - 1);
  const [source, target] = [tenants[from], tenants[(from + random.between(1, tenants.length - 1)) % tenants.length]];
  if (source === undefined || target === undefined) throw new Error('A transfer needs two tenants.');
  const transfer = {
    fromTenantId: source.tenantId,
    toTenantId: target.tenantId,
    transferId: uuidOf(ids.next('ent')),
    amountMicrocredits: BigInt(random.between(1, 600)),
    grantedMicrocreditsMax: grantedMax,
  };
  const entries = {
    out: auditEntry(ids, source.tenantId, 'credits.transferred-out'),
    in: auditEntry(ids, target.tenantId, 'credits.transferred-in'),
  };
  return { transfer, entries };
}

type Transfer = ReturnType<typeof draftTransfer>['transfer'];

function isTransferred(lane: Lane, transfer: Transfer): void {
  const { fromTenantId, toTenantId, transferId, amountMicrocredits } = transfer;
  lane.expected.push(
    entryLine(uuidOf(fromTenantId), transferId, 'transfer-out', amountMicrocredits),
    entryLine(uuidOf(toTenantId), transferId, 'transfer-in', amountMicrocredits),
  );
}

type TransferOutcome = Awaited<ReturnType<Lane['options']['ledger']['transfer']>>;

function isUncovered({ amountMicrocredits }: Transfer, outcome: TransferOutcome): boolean {
  return outcome.kind === 'insufficient' && outcome.availableMicrocredits < amountMicrocredits;
}

export async function transfer(lane: Lane): Promise<number> {
  const { transfer: drafted, entries } = draftTransfer(lane);
  const outcome = await lane.answer(() => lane.options.ledger.transfer(drafted, entries));
  const isDone = outcome.kind === 'transferred';
  lane.expect(isDone || isUncovered(drafted, outcome), 'a transfer', outcome);
  if (isDone) isTransferred(lane, drafted);
  return 1;
}

/** The same transfer in two processes at once, and then its id in the other direction. */
export async function transferTwice(lane: Lane): Promise<number> {
  const { ledger, ledgerElsewhere } = lane.options;
  const { transfer: drafted, entries } = draftTransfer(lane);
  const outcomes = await Promise.all(
    [ledger, ledgerElsewhere].map((store) => lane.answer(() => store.transfer(drafted, entries))),
  );
  const isDone = outcomes.some(({ kind }) => kind === 'transferred');
  for (const outcome of outcomes)
    lane.expect(outcome.kind === 'transferred' || isUncovered(drafted, outcome), 'one of two equal transfers', outcome);
  if (!isDone) return 2;
  isTransferred(lane, drafted);
  const { fromTenantId: toTenantId, toTenantId: fromTenantId } = drafted;
  const back = { out: { ...entries.out, tenantId: fromTenantId }, in: { ...entries.in, tenantId: toTenantId } };
  const conflict = await lane.answer(() => ledger.transfer({ ...drafted, fromTenantId, toTenantId }, back));
  lane.expect(conflict.kind === 'other-transfer', 'a transfer with a used id', conflict);
  return 3;
}

/** What is left of each grant depends on what else goes on; the sum of it is what the store answers. */
export async function lapse(lane: Lane): Promise<number> {
  const { tenantId } = lane.tenant;
  const amount = await lane.answer(() =>
    lane.options.lapses.lapse(auditEntry(lane.options.ids, tenantId, 'credits.lapsed')),
  );
  lane.lapsed.set(tenantId, (lane.lapsed.get(tenantId) ?? 0n) + amount);
  return 1;
}
