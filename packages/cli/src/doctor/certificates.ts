import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fail, ok, warn } from './check.ts';
import type { Finding } from './check.ts';

type Env = Readonly<Record<string, string | undefined>>;

const listeners = [
  { check: 'certificate', prefix: 'COLLOQUY_HTTP_TLS' },
  { check: 'grpc cert', prefix: 'COLLOQUY_GRPC_TLS' },
] as const;
const dayMs = 24 * 60 * 60_000;
const warningDays = 21;

/** Whether the certificate files that the environment names can be used, and for how long. */
export async function checkCertificates(env: Env, nowMs = Date.now()): Promise<readonly Finding[]> {
  const findings = await Promise.all(
    listeners.map(async ({ check, prefix }) => {
      const { [`${prefix}_CERT_FILE`]: certFile, [`${prefix}_KEY_FILE`]: keyFile } = env;
      if (certFile === undefined || keyFile === undefined) return null;
      return judge(check, { certFile, keyFile }, nowMs);
    }),
  );
  return findings.filter((finding) => finding !== null);
}

async function judge(
  check: string,
  { certFile, keyFile }: { readonly certFile: string; readonly keyFile: string },
  nowMs: number,
): Promise<Finding> {
  try {
    const certificate = new X509Certificate(await readFile(certFile));
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(keyFile))))
      return fail(check, `${keyFile} is not the key of ${certFile}`, 'Replace both files together.');
    const days = Math.floor((certificate.validToDate.getTime() - nowMs) / dayMs);
    const end = certificate.validToDate.toISOString().slice(0, 10);
    const mend = 'Replace it; a running platform loads the new one within seconds.';
    if (days < 0) return fail(check, `${certFile} expired on ${end}`, mend);
    if (days <= warningDays) return warn(check, `${certFile} expires in ${String(days)} days, on ${end}`, mend);
    return ok(check, `${certFile} is valid until ${end}`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail(
      check,
      `${certFile} and ${keyFile} can not be used: ${why}`,
      'Correct the files or the variables that name them.',
    );
  }
}
