/** A tenant's wallet as the admin API shows it, in micro-credits. */
export interface Wallet {
  readonly granted: number;
  readonly available: number;
  readonly reserved: number;
  readonly used: number;
}

/** What one tenant should have been charged, and what its wallet says. */
export interface TenantBooks {
  readonly tenant: string;
  readonly grantMicrocredits: number;
  readonly priceMicrocredits: number;
  /** Right answers that the load generators counted for this tenant. */
  readonly answers: number;
  readonly wallet: Wallet;
}

/** Every difference between what was answered and what was recorded; none when nothing was skipped or charged twice. */
export function differencesOf(books: TenantBooks): string[] {
  const { tenant, wallet } = books;
  const expectedUsed = books.answers * books.priceMicrocredits;
  const differences = [
    wallet.granted === books.grantMicrocredits || `granted ${wallet.granted}, not ${books.grantMicrocredits}`,
    wallet.used === expectedUsed || `used ${wallet.used}, but ${books.answers} answers cost ${expectedUsed}`,
    wallet.reserved === 0 || `${wallet.reserved} still reserved with nothing under way`,
    wallet.granted === wallet.available + wallet.reserved + wallet.used || 'granted ≠ available + reserved + used',
  ];
  return differences.filter((difference) => difference !== true).map((difference) => `${tenant}: ${difference}`);
}
