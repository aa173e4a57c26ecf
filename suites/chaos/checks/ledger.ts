import type { Evidence, Invariant, LedgerRow, TaskRow, WalletRow } from './evidence.ts';

/** Wallets are what their entries say. */
export const walletIdentity: Invariant = {
  name: 'wallet',
  promise:
    'every wallet equals the sum of its ledger entries, sums to what it got and owes, and holds nothing in reserve',
  population: ({ wallets }) => wallets.length,
  breaches(evidence) {
    const entries = Map.groupBy(evidence.ledger, ({ tenantId }) => tenantId);
    const orphans = [...entries.keys()].filter(
      (tenantId) => !evidence.wallets.some((wallet) => wallet.tenantId === tenantId),
    );
    return [
      ...evidence.wallets.flatMap((wallet) => walletFaults(wallet, entries.get(wallet.tenantId) ?? [])),
      ...evidence.wallets.flatMap(({ tenantId: subject, reserved }) =>
        reserved === 0n ? [] : [{ subject, detail: `${reserved} still reserved` }],
      ),
      ...orphans.map((subject) => ({ subject, detail: 'has ledger entries and no wallet' })),
    ];
  },
};

/**
 * How an entry of each kind changes the accounts of a wallet: docs/specs/credits.md, written down here once more, so that a check does not believe
 * what it checks.
 */
const effects: Readonly<Record<string, Readonly<Partial<Record<Account, 1n | -1n>>>>> = {
  grant: { granted: 1n, available: 1n },
  'transfer-in': { granted: 1n, available: 1n },
  'transfer-out': { granted: -1n, available: -1n },
  reserve: { available: -1n, reserved: 1n },
  settle: { reserved: -1n, used: 1n },
  release: { reserved: -1n, available: 1n },
  expire: { reserved: -1n, available: 1n },
  charge: { available: -1n, used: 1n },
  overage: { overage: 1n, used: 1n },
  repay: { available: -1n, overage: -1n },
  lapse: { available: -1n, expired: 1n },
};
const accounts = ['granted', 'available', 'reserved', 'used', 'expired', 'overage'] as const;
type Account = (typeof accounts)[number];

/** What is wrong with a wallet whose entries these are. */
export function walletFaults(
  wallet: WalletRow,
  entries: readonly LedgerRow[],
): { readonly subject: string; readonly detail: string }[] {
  const expected = (account: Account): bigint =>
    entries.reduce((total, { kind, amount }) => total + (effects[kind]?.[account] ?? 0n) * amount, 0n);
  const faults = accounts
    .filter((account) => wallet[account] !== expected(account))
    .map((account) => `${account} is ${wallet[account]}, its entries say ${expected(account)}`);
  const held = wallet.available + wallet.reserved + wallet.used + wallet.expired;
  if (wallet.granted + wallet.overage !== held)
    faults.push('granted + overage ≠ available + reserved + used + expired');
  faults.push(...accounts.filter((account) => wallet[account] < 0n).map((account) => `${account} is below zero`));
  faults.push(
    ...entries.filter(({ kind }) => effects[kind] === undefined).map(({ kind }) => `an entry of no kind: ${kind}`),
  );
  return faults.map((detail) => ({ subject: wallet.tenantId, detail }));
}

/** What leaves one tenant reaches another one, once and whole. */
export const transfers: Invariant = {
  name: 'transfer',
  promise: 'every transfer leaves one tenant and reaches another one, with the same amount',
  // Few runs transfer anything; what was looked through is the ledger.
  population: ({ ledger }) => ledger.length,
  breaches({ ledger }) {
    const halves = ledger.filter(({ kind }) => kind === 'transfer-out' || kind === 'transfer-in');
    return [...Map.groupBy(halves, ({ reservationId }) => reservationId)].flatMap(([subject, both]) => {
      const [out, into] = both.toSorted((one, other) => (one.kind > other.kind ? -1 : 1));
      const isWhole =
        both.length === 2 &&
        out?.kind === 'transfer-out' &&
        into?.kind === 'transfer-in' &&
        out.amount === into.amount &&
        out.tenantId !== into.tenantId;
      return isWhole ? [] : [{ subject, detail: `has ${both.map(({ kind, amount }) => `${kind} ${amount}`).join()}` }];
    });
  },
};

/** Every reservation is closed once, by the right kind. */
export const reservations: Invariant = {
  name: 'reservation',
  promise: 'every task has one reserve of its price, and one settle if it completed or one release if it did not',
  population: ({ tasks }) => tasks.length,
  breaches(evidence) {
    const entries = Map.groupBy(evidence.ledger, ({ reservationId }) => reservationId);
    const prices = new Map(evidence.agents.map(({ agentId, priceMicrocredits }) => [agentId, priceMicrocredits]));
    const faults = evidence.tasks.flatMap((task) => {
      const price = prices.get(task.agentId) ?? 0n;
      const detail = reservationFault(task, entries.get(task.taskId) ?? [], price);
      return detail === undefined ? [] : [{ subject: task.taskId, detail }];
    });
    return [...faults, ...withoutTask(evidence)];
  },
};

function reservationFault(task: TaskRow, entries: readonly LedgerRow[], price: bigint): string | undefined {
  const hasExpired = entries.some(({ kind }) => kind === 'expire');
  const closing = task.state === 'completed' ? 'settle' : hasExpired ? 'expire' : 'release';
  const expected = [`${closing} ${price}`, `reserve ${price}`].toSorted().join();
  const found = entries
    .map(({ kind, amount }) => `${kind} ${amount}`)
    .toSorted()
    .join();
  const foreign = entries.some(({ tenantId }) => tenantId !== task.tenantId);
  if (foreign) return 'has ledger entries of another tenant';
  return found === expected ? undefined : `is ${task.state} and has the entries ${found || 'none'}, not ${expected}`;
}

const withoutTasks = new Set(['grant', 'repay', 'lapse', 'transfer-out', 'transfer-in']);

function withoutTask({ ledger, tasks }: Evidence): { subject: string; detail: string }[] {
  const known = new Set(tasks.map(({ taskId }) => taskId));
  return ledger
    .filter(({ kind, reservationId }) => !withoutTasks.has(kind) && !known.has(reservationId))
    .map(({ kind, reservationId }) => ({ subject: reservationId, detail: `${kind} without a task` }));
}
