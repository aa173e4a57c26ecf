import type { Evidence, Invariant, LedgerRow, TaskRow, WalletRow } from './evidence.ts';

/** Wallets are what their entries say. */
export const walletIdentity: Invariant = {
  name: 'wallet',
  promise: 'every wallet equals the sum of its ledger entries, sums to its grants, and holds nothing in reserve',
  population: ({ wallets }) => wallets.length,
  breaches(evidence) {
    const entries = Map.groupBy(evidence.ledger, ({ tenantId }) => tenantId);
    const orphans = [...entries.keys()].filter(
      (tenantId) => !evidence.wallets.some((wallet) => wallet.tenantId === tenantId),
    );
    return [
      ...evidence.wallets.flatMap((wallet) => walletFaults(wallet, entries.get(wallet.tenantId) ?? [])),
      ...orphans.map((subject) => ({ subject, detail: 'has ledger entries and no wallet' })),
    ];
  },
};

function walletFaults(wallet: WalletRow, entries: readonly LedgerRow[]): { subject: string; detail: string }[] {
  const sum = (kind: string): bigint =>
    entries.reduce((total, entry) => (entry.kind === kind ? total + entry.amount : total), 0n);
  const expected = {
    granted: sum('grant'),
    available: sum('grant') - sum('reserve') + sum('release') + sum('expire'),
    reserved: sum('reserve') - sum('settle') - sum('release') - sum('expire'),
    used: sum('settle'),
  };
  const faults = (['granted', 'available', 'reserved', 'used'] as const)
    .filter((account) => wallet[account] !== expected[account])
    .map((account) => `${account} is ${wallet[account]}, its entries say ${expected[account]}`);
  if (wallet.granted !== wallet.available + wallet.reserved + wallet.used)
    faults.push('granted ≠ available + reserved + used');
  if (wallet.reserved !== 0n) faults.push(`${wallet.reserved} still reserved`);
  return faults.map((detail) => ({ subject: wallet.tenantId, detail }));
}

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

function withoutTask({ ledger, tasks }: Evidence): { subject: string; detail: string }[] {
  const known = new Set(tasks.map(({ taskId }) => taskId));
  return ledger
    .filter(({ kind, reservationId }) => kind !== 'grant' && !known.has(reservationId))
    .map(({ kind, reservationId }) => ({ subject: reservationId, detail: `${kind} without a task` }));
}
