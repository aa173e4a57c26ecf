import type { AgentHealth, Instance, InstanceEvent, InstanceHealth } from '@colloquy/sdk/client';
import { table } from './table.ts';

function healthText({ state, reason }: InstanceHealth): string {
  return reason === undefined ? state : `${state} (${reason})`;
}

function admissionText({ admission, lease }: Instance): string {
  if (lease?.lapsed === true) return 'lease lapsed';
  return admission.reason === undefined ? admission.state : `${admission.state} (${admission.reason})`;
}

/** Instances, one a line. */
export function instanceTable(instances: readonly Instance[]): string {
  const rows = instances.map((one) => [
    one.instanceId,
    one.url,
    one.version ?? '',
    String(one.weight),
    one.region ?? '',
    admissionText(one),
    healthText(one.health),
  ]);
  return table(['INSTANCE', 'URL', 'VERSION', 'WEIGHT', 'REGION', 'TAKES TASKS', 'HEALTH'], rows);
}

/** One instance, a fact a line. */
export function instanceFacts(one: Instance): string {
  const facts: readonly (readonly [string, string])[] = [
    ['Instance', one.instanceId],
    ['Address', `${one.url} (A2A ${one.protocolVersion} over ${one.protocolBinding})`],
    ['Placed by', one.registeredBy === undefined ? one.source : `${one.source} (${one.registeredBy})`],
    ['Version', one.version ?? ''],
    ['Region', one.region ?? ''],
    ['Slots', one.slotsMax === undefined ? '' : String(one.slotsMax)],
    ['Weight', String(one.weight)],
    ['Takes tasks', admissionText(one)],
    ['Health', `${healthText(one.health)} since ${one.health.since}`],
    ['Lease', one.lease === undefined ? '' : `until ${one.lease.until}`],
    ...one.dependencies.map(({ name, state, reason }) => {
      return [`  ${name}`, reason === undefined ? state : `${state} (${reason})`] as const;
    }),
  ];
  return facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name.padEnd(12)} ${value}`)
    .join('\n');
}

/** What became of an instance, newest first. */
export function eventTable(events: readonly InstanceEvent[]): string {
  const rows = events.map(({ occurredAt, kind, state = '', reason = '', actor = '' }) => {
    return [occurredAt, kind, state, reason, actor];
  });
  return table(['WHEN', 'WHAT', 'STATE', 'REASON', 'WHO'], rows);
}

/** The health of each instance of an agent. */
export function healthTable({ instances }: AgentHealth): string {
  const rows = instances.flatMap(({ instanceId, version = '', admission, health, dependencies }) => [
    [instanceId, version, admission, healthText(health), health.since],
    ...dependencies.map(({ name, state }) => [`  ${name}`, '', '', state, '']),
  ]);
  return table(['INSTANCE', 'VERSION', 'ADMISSION', 'HEALTH', 'SINCE'], rows);
}
