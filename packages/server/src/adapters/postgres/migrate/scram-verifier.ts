import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const iterations = 4096;
const saltBytes = 16;
const keyBytes = 32;

/** The verifier that PostgreSQL stores for a password (RFC 5803). Sending it keeps the password out of the server's logs and statistics. */
export async function scramVerifier(password: string, salt = randomBytes(saltBytes)): Promise<string> {
  const saltedPassword = await promisify(pbkdf2)(password, salt, iterations, keyBytes, 'sha256');
  const clientKey = createHmac('sha256', saltedPassword).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', saltedPassword).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
