const dayMs = 24 * 60 * 60_000;
const warningDays = 21;

/** The end of a certificate, and a warning when it is near or past. */
export function endOf(notAfter: string, nowMs = Date.now()): string {
  const days = Math.floor((Date.parse(notAfter) - nowMs) / dayMs);
  const day = notAfter.slice(0, 10);
  if (days < 0) return `${day} (ended)`;
  return days <= warningDays ? `${day} (in ${String(days)} days)` : day;
}
