/** Milliseconds since 1970 with fractions, the same for every process of this machine. */
export const epochMs = (): number => performance.timeOrigin + performance.now();

/** A piece that says which it is and when it was said. */
export const pieceText = (piece: number): string => `piece ${piece} said at ${epochMs().toFixed(2)}`;

const piecePattern = /piece (\d+) said at ([\d.]+)/g;

/** The pieces in a text, in order. */
export function piecesIn(text: string): { readonly piece: number; readonly saidAtMs: number }[] {
  return [...text.matchAll(piecePattern)].map((match) => ({ piece: Number(match[1]), saidAtMs: Number(match[2]) }));
}
