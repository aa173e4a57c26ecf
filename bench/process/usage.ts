import { readFileSync, readdirSync } from 'node:fs';

/** CPU time in milliseconds that a process has used, its ended children not counted; 0 when it is gone. Linux. */
export function cpuMsOf(pid: number): number {
  const fields = statOf(pid);
  return fields === undefined ? 0 : (fields.userTicks + fields.systemTicks) * msPerTick;
}

/** Resident memory of a process in MB (10^6 bytes); 0 when it is gone. Linux. */
export function rssMbOf(pid: number): number {
  const status = read(`/proc/${pid}/status`);
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
  return (Number(kibibytes ?? 0) * 1024) / 1e6;
}

/** CPU time in milliseconds that a process and all below it have used, those that have ended included. Linux. */
export function cpuMsOfFamily(pid: number): number {
  const ticks = familyOf(pid).reduce((sum, member) => {
    const { userTicks = 0, systemTicks = 0, endedTicks = 0 } = statOf(member) ?? {};
    return sum + userTicks + systemTicks + endedTicks;
  }, 0);
  return ticks * msPerTick;
}

/** Every process below this one, itself included. */
function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const member = Number(name);
    const parent = Number.isInteger(member) ? statOf(member)?.parentPid : undefined;
    if (parent !== undefined) parents.set(member, parent);
  }
  const family = [pid];
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child);
  return family;
}

/** USER_HZ, which Linux fixes at 100 for what /proc shows. */
const msPerTick = 10;

interface ProcessStat {
  readonly parentPid: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  /** Of children that have ended, and of theirs. */
  readonly endedTicks: number;
}

function statOf(pid: number): ProcessStat | undefined {
  return parseStat(read(`/proc/${pid}/stat`) ?? '');
}

/** Reads a line of proc_pid_stat(5). The name in brackets may hold anything, so fields are counted from its end. */
export function parseStat(line: string): ProcessStat | undefined {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const field = (at: number): number => Number(fields[at]);
  const endedTicks = field(13) + field(14);
  if (Number.isNaN(endedTicks)) return undefined;
  return { parentPid: field(1), userTicks: field(11), systemTicks: field(12), endedTicks };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
