/** The address of a call. */
export interface Aim {
  /** Which of the replicas: its number. */
  readonly replica: number;
  readonly tenantSlug: string;
  readonly agentName: string;
  /** The ids that are asked about are of the right form, and nothing has them. */
  readonly namesNothing?: true;
  /** How the caller proves itself. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What came back, without what differs from request to request and from address to address. */
export interface Told {
  /** HTTP status, or the status of gRPC. */
  readonly status: number;
  readonly isGrpc: boolean;
  /** Challenge and body. */
  readonly text: string;
}

/** One operation of the platform, in one binding and version. */
export interface MatrixCall {
  readonly name: string;
  readonly surface: 'admin' | 'a2a';
  /** Its name in the policy table. */
  readonly operation: string;
  /** Whether it names an agent. */
  readonly isAboutAgent: boolean;
  /** Whether it lists what is there. */
  readonly isList: boolean;
  readonly ask: (aim: Aim) => Promise<Told>;
  /** The same with input that is no good, so that a caller that is let in changes nothing; null where there is no input. */
  readonly askBadly: ((aim: Aim) => Promise<Told>) | null;
}

export interface HttpAsking {
  readonly url: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

const answerMs = 20_000;

/** Asks over HTTP. */
export async function askHttp({ url, method, headers, body }: HttpAsking, aim: Aim): Promise<Told> {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...aim.fields },
    signal: AbortSignal.timeout(answerMs),
    ...(body === undefined ? {} : { body }),
  });
  const challenge = answer.headers.get('www-authenticate') ?? '';
  return { status: answer.status, isGrpc: false, text: anonymous(`${challenge} ${await answer.text()}`, aim) };
}

export function anonymous(text: string, { tenantSlug, agentName }: Aim): string {
  return text
    .replaceAll(/req_[0-9a-f]{32}/g, 'req')
    .replaceAll(`/${agentName}`, '/(agent)')
    .replaceAll(`/${tenantSlug}`, '/(tenant)');
}

/** Whether this says no, in whatever words. */
export function isRefusal({ status, isGrpc, text }: Told): boolean {
  if (isGrpc) return [5, 7, 16].includes(status);
  return [401, 403, 404].includes(status) || (status === 200 && /"error":\{"code":-320/.test(text));
}

export function saysUnauthenticated({ status, isGrpc }: Told): boolean {
  return status === (isGrpc ? 16 : 401);
}

export function saysLacking({ status, isGrpc, text }: Told): boolean {
  return status === (isGrpc ? 7 : 403) || (status === 200 && /"error":\{"code":-32000.*scope/.test(text));
}
