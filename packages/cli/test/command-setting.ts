import assert from 'node:assert/strict';
import { everyTenantScope, startTestPlatform } from '@colloquy/testkit';
import type { TestCredentials, TestPlatform, TestPlatformOptions, TestTenant } from '@colloquy/testkit';
import { runCommand } from './run-command.ts';
import type { CommandResult } from './run-command.ts';

/** A shell whose environment holds the credentials of one client. */
export interface Shell {
  /** The client whose credentials the commands use. */
  readonly clientId: string;
  run(...argv: readonly string[]): Promise<CommandResult>;
  /** The text of a command that succeeds and notes nothing beside it. */
  told(...argv: readonly string[]): Promise<string>;
  /** The one JSON value of a command that succeeds. */
  value<T>(...argv: readonly string[]): Promise<T>;
  /**
   * Types a command twice that has to fail with this status, the second time with `--json`. Resolves with the code and the sentence of the
   * failure, after both were found in the form that users are promised.
   */
  refused(status: number, ...argv: readonly string[]): Promise<Refusal>;
}

export interface Refusal {
  readonly code: string;
  /** The text on stderr. */
  readonly said: string;
}

/** A platform, the shell of its operator, and the shell of a tenant's administrator. */
export interface CommandSetting extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly operator: Shell;
  readonly tenant: TestTenant;
  readonly acme: Shell;
  /** A further client of the tenant, at a shell of its own. */
  newClient(name: string, ...scopes: readonly string[]): Promise<Shell>;
}

/** The platform of a test with the tenant `acme`, whose client holds every scope that a tenant can give. */
export async function startCommandSetting(options: TestPlatformOptions = {}): Promise<CommandSetting> {
  const platform = await startTestPlatform(options);
  const tenant = await platform.createTenant('acme', { scopes: [...everyTenantScope, 'limits:write'] });
  return {
    platform,
    tenant,
    operator: shellAt(platform.url, platform.operatorCredentials),
    acme: shellAt(platform.url, tenant),
    newClient: async (name, ...scopes) => {
      const made = await tenant.client.admin.createClient({ body: { name, scopes: [...scopes] } });
      return shellAt(platform.url, { ...made, slug: tenant.slug });
    },
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  };
}

/** A shell with these credentials in its environment. */
export function shellAt(url: string, { slug, clientId, clientSecret }: TestCredentials): Shell {
  const env = {
    COLLOQUY_URL: url,
    COLLOQUY_TENANT: slug,
    COLLOQUY_CLIENT_ID: clientId,
    COLLOQUY_CLIENT_SECRET: clientSecret,
  };
  const run: Shell['run'] = (...argv) => runCommand(argv, env);
  const told: Shell['told'] = async (...argv) => {
    const { status, stdout, stderr } = await run(...argv);
    assert.deepEqual([status, stderr], [0, ''], argv.join(' '));
    return stdout;
  };
  return {
    clientId,
    run,
    told,
    value: async <T>(...argv: readonly string[]): Promise<T> => {
      const stdout = await told(...argv, '--json');
      assert.equal(stdout.split('\n').length, 2, `one line of: ${argv.join(' ')}`);
      return JSON.parse(stdout) as T;
    },
    refused: async (status, ...argv) => refusalOf(status, argv, [await run(...argv), await run(...argv, '--json')]),
  };
}

function refusalOf(
  status: number,
  argv: readonly string[],
  [plain, json]: readonly [CommandResult, CommandResult],
): Refusal {
  const typed = argv.join(' ');
  assert.deepEqual([plain.status, plain.stdout], [status, ''], `${typed}: ${plain.stderr}`);
  assert.match(plain.stderr, /^error: .+\n(?: {2}.+\n)*? {2}what to do: .+\n(?: {2}request id: .+\n)?$/, typed);
  assert.deepEqual([json.status, json.stderr], [status, ''], typed);
  const { error, exitStatus } = JSON.parse(json.stdout) as {
    readonly error: { readonly code: string; readonly message: string };
    readonly exitStatus: number;
  };
  assert.equal(exitStatus, status, typed);
  assert.ok(plain.stderr.startsWith(`error: ${error.message}`), typed);
  return { code: error.code, said: plain.stderr };
}
