/** What a registered program needs to ask for tokens. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** An answer of the platform that is not a success. */
export class UnexpectedAnswer extends Error {
  readonly status: number;
  constructor(method: string, path: string, status: number, body: string) {
    super(`${method} ${path} answered ${status}: ${body.slice(0, 500)}`);
    this.name = 'UnexpectedAnswer';
    this.status = status;
  }
}

/** An access token for these credentials (OAuth 2.0 client_credentials, RFC 6749 section 4.4). */
export async function accessToken(baseUrl: string, client: ClientCredentials): Promise<string> {
  const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
  const response = await fetch(new URL('/oauth/token', baseUrl), {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const body = await response.text();
  if (!response.ok) throw new UnexpectedAnswer('POST', '/oauth/token', response.status, body);
  return (JSON.parse(body) as { access_token: string }).access_token;
}

/** The admin API with one token, as JSON in and JSON out. */
export interface AdminApi {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
  put<T>(path: string, body: object): Promise<T>;
}

export function openAdminApi(baseUrl: string, token: string): AdminApi {
  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(new URL(`/api/v1${path}`, baseUrl), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new UnexpectedAnswer(method, path, response.status, text);
    return JSON.parse(text) as T;
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
  };
}
