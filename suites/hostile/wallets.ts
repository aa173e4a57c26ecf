import { priceMicrocredits } from './stage.ts';
import type { Stage } from './stage.ts';
import type { Window } from './windows.ts';

interface Wallet {
  readonly usedMicrocredits: number;
  readonly reservedMicrocredits: number;
}

/** Compares both tenants' wallets with what ran; answers what differs. */
export async function wrongWalletsOf(stage: Stage, windows: readonly Window[]): Promise<string[]> {
  const completed = windows.flatMap(({ outcomes }) => outcomes.filter(({ ended }) => ended === 'completed')).length;
  const answered = windows.flatMap(({ load }) => load.answersByTarget).reduce((sum, count) => sum + count, 0);
  const api = await stage.operator();
  const differences: string[] = [];
  for (const [slug, count] of Object.entries({ hostile: completed, neighbour: answered })) {
    const { usedMicrocredits, reservedMicrocredits } = await api.get<Wallet>(`/tenants/${slug}/credits`);
    if (usedMicrocredits !== count * priceMicrocredits || reservedMicrocredits !== 0) {
      const wallet = `${usedMicrocredits} used and ${reservedMicrocredits} reserved`;
      differences.push(`${slug}: ${wallet} for ${count} completed tasks at ${priceMicrocredits} each`);
    }
  }
  return differences;
}
