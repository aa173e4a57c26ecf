import { ColloquyError } from '@colloquy/sdk/client';
import type { Command, Invocation } from '../command.ts';
import type { Settings } from '../connection/settings.ts';
import { addressOf, openClient } from '../connection/settings.ts';
import { fail, ok, warn } from '../doctor/check.ts';
import type { Finding } from '../doctor/check.ts';
import { checkCertificates } from '../doctor/certificates.ts';
import { checkDatabase } from '../doctor/database.ts';
import { checkBinaries, checkDataDir, checkNode } from '../doctor/machine.ts';
import { checkPlatform, checkPorts } from '../doctor/network.ts';
import { exitStatus } from '../exit-status.ts';
import type { Nouns } from '../noun.ts';
import type { Output } from '../output/output.ts';
import { printable } from '../output/table.ts';
import { dataOptions } from '../platform/server-environment.ts';
import { hasServer } from '../platform/server-files.ts';
import { UsageError } from '../usage-error.ts';

const defaultUrl = 'http://127.0.0.1:4800';

const doctor: Command = {
  name: 'doctor',
  summary: 'Check this machine and the platform, and say what to fix',
  positionals: [],
  options: dataOptions,
  connects: true,
  details: 'Changes nothing. The exit status is 1 when a check fails; warnings do not count.',
  examples: ['colloquy doctor', 'colloquy doctor --url https://agents.example.org'],
  async run(invocation) {
    const { args, env, output } = invocation;
    const settings = settingsOf(invocation);
    const url = settings instanceof UsageError ? addressOf(args, env) : settings.url;
    const findings: readonly Finding[] = await output.during('Checking this machine', async (say) => {
      const host = hasServer()
        ? await checkHost(invocation)
        : [ok('host', 'only the command is installed on this machine')];
      say('Checking the platform');
      const platform = [await checkPlatform(url ?? defaultUrl, url !== undefined), await checkToken(settings)];
      return [checkNode(process.versions.node), ...host, ...platform];
    });
    const isWell = findings.every(({ level }) => level !== 'fail');
    output.print({ ok: isWell, findings }, findings.map((finding) => lineOf(finding, output)).join('\n'));
    return isWell ? exitStatus.ok : exitStatus.unexpected;
  },
};

export const doctorNouns: Nouns = {
  doctor: { group: 'Start' },
};

export const doctorCommands: readonly Command[] = [doctor];

/** The checks of a machine that runs the platform. */
async function checkHost({ args, env }: Invocation): Promise<readonly Finding[]> {
  const databaseUrl = env['DATABASE_URL'] ?? '';
  return [
    checkBinaries(env),
    checkDataDir(env, args.text('data-dir')),
    ...(await checkPorts(env)),
    ...(await checkCertificates(env)),
    ...(databaseUrl === '' ? [] : [await checkDatabase(databaseUrl, env)]),
  ];
}

function settingsOf(invocation: Invocation): Settings | UsageError {
  try {
    return invocation.settings();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}

async function checkToken(settings: Settings | UsageError): Promise<Finding> {
  if (settings instanceof UsageError) return warn('token', settings.message, settings.remedy);
  try {
    const issued = await openClient(settings).issueToken();
    return ok('token', `client ${settings.clientId} gets a token with ${issued.scope ?? 'no scopes'}`);
  } catch (error) {
    if (!(error instanceof ColloquyError)) throw error;
    if (error.code === 'sdk.unreachable')
      return fail('token', 'the platform does not answer', 'Fix the problem in the line above.');
    return fail('token', error.message, 'Check the client id and secret, or create another client.');
  }
}

function lineOf({ check, level, found, mend }: Finding, { paint, typed }: Output): string {
  const mark = { ok: paint.good('ok  '), warn: paint.warn('warn'), fail: paint.bad('fail') }[level];
  const line = `${mark}  ${check.padEnd(12)}  ${printable(found)}`;
  return mend === undefined ? line : `${line}\n${' '.repeat(20)}${paint.dim(`→ ${printable(typed(mend))}`)}`;
}
