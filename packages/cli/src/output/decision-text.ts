import { creditsText } from './credits.ts';
import { table } from './table.ts';

/** A routing decision in lines: what was chosen and why, then every candidate. Members of later platforms are left out. */
export function decisionText(decision: unknown): string {
  const { instanceId, reason, candidates, lastResort, tier, priceMicrocredits, mirror, router, considered } =
    membersOf(decision);
  const details = [
    ...(tier === undefined ? [] : [`tier ${shown(tier)}`]),
    ...(priceMicrocredits === undefined ? [] : [`price ${creditsShown(priceMicrocredits)} credits`]),
    ...(lastResort === undefined ? [] : [`no instance was ready: ${shown(lastResort)}`]),
    ...(mirror === undefined ? [] : [`copied to ${shown(membersOf(mirror)['instanceId'])}`]),
  ];
  const chosen = [`${shown(instanceId)} of ${shown(candidates)}: ${shown(reason)}`, ...details].join(', ');
  return [chosen, ...routerLines(router), ...candidateLines(considered)].join('\n');
}

function routerLines(router: unknown): readonly string[] {
  if (router === undefined) return [];
  const { by, skill, offers, considered, chooser } = membersOf(router);
  const failed = chooser === undefined ? '' : ` (the model: ${shown(chooser)})`;
  const rows = listOf(considered).map((one) => {
    const { agent, skill: offered, verdict, rank, tier, priceMicrocredits } = membersOf(one);
    return [...[agent, offered, verdict, rank, tier].map(shown), creditsShown(priceMicrocredits)];
  });
  return [
    `routed by ${shown(by)} to ${shown(skill)}, of ${shown(offers)} skills${failed}`,
    table(['AGENT', 'SKILL', 'VERDICT', 'RANK', 'TIER', 'PRICE'], rows),
  ];
}

function candidateLines(considered: unknown): readonly string[] {
  const rows = listOf(considered).map((one) => {
    const {
      instanceId,
      verdict,
      health,
      breaker,
      inFlight,
      freeSlots,
      latencyMs,
      successRate,
      weight,
      version,
      region,
    } = membersOf(one);
    const known = [freeSlots, latencyMs, successRate].map(shown);
    const place = [version, region].map(shown);
    return [...[instanceId, verdict, health, breaker, inFlight].map(shown), ...known, shown(weight), ...place];
  });
  const heads = [
    'INSTANCE',
    'VERDICT',
    'HEALTH',
    'BREAKER',
    'IN FLIGHT',
    'SLOTS',
    'MS',
    'SUCCESS',
    'WEIGHT',
    'VERSION',
  ];
  return rows.length === 0 ? [] : [table([...heads, 'REGION'], rows)];
}

function creditsShown(microcredits: unknown): string {
  return typeof microcredits === 'number' ? creditsText(microcredits) : shown(microcredits);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '–';
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
