import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errors } from 'oidc-provider';
import type { Interaction, Provider } from 'oidc-provider';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { ClientCredentialRecord, OAuthClientStore } from '../../modules/access/index.ts';
import type { PeopleStore, setPassword, signIn } from '../../modules/people/index.ts';
import { asRequestError, errorHeaders, networkOf, statusOf } from '../http/index.ts';
import { giveGrant } from './consent.ts';
import { consentPage, messagePage, passwordPage, signInPage, signOutPage } from './pages.ts';
import type { Page } from './pages.ts';
import { signOut } from './sign-out.ts';
import type { SignOutPorts } from './sign-out.ts';

export interface SignInSurfacePorts extends SignOutPorts {
  readonly clients: Pick<OAuthClientStore, 'find'>;
  readonly people: Pick<PeopleStore, 'findRights' | 'findSignInClient'>;
  readonly signIn: ReturnType<typeof signIn>;
  readonly setPassword: ReturnType<typeof setPassword>;
  /** 32 bytes, the same in every process: forms are marked with it, and cookies signed. */
  readonly pageKey: Uint8Array;
  readonly clock: Clock;
}

export interface SignInSurface {
  /** The authorization server of this moment, ready for this request. */
  readonly providerFor: (request: FastifyRequest) => Provider;
}

const interactionPath = '/oauth/sign-in';
const endpoint = (operation: string) => ({ config: { endpoint: { surface: 'oauth', operation } } });

interface UidRoute {
  readonly Params: { readonly uid: string };
}

/** Pages on which people sign in, consent, sign out and set passwords. */
export async function registerSignIn(
  app: FastifyInstance,
  ports: SignInSurfacePorts,
  { providerFor }: SignInSurface,
): Promise<void> {
  const pages = new SignInPages(ports, providerFor);
  await app.register((scope) => {
    scope.removeAllContentTypeParsers();
    const form = { parseAs: 'buffer', bodyLimit: limits.formBytesMax } as const;
    scope.addContentTypeParser('application/x-www-form-urlencoded', form, (_request, body, done) =>
      done(null, new URLSearchParams(Buffer.isBuffer(body) ? body.toString() : '')),
    );
    scope.setErrorHandler((error, request, reply) => {
      const failure = asPageError(error);
      request.context.fail(failure);
      void reply.headers(errorHeaders(failure));
      send(reply, messagePage('That did not work', failure.message, statusOf(failure)));
    });
    const path = `${interactionPath}/:uid`;
    scope.get<UidRoute>(path, endpoint('sign-in.show'), (request, reply) => pages.show(request, reply));
    scope.post<UidRoute>(path, endpoint('sign-in.answer'), (request, reply) => pages.answer(request, reply));
    scope.get('/oauth/password', endpoint('password.show'), (request, reply) => pages.showPassword(request, reply));
    scope.post('/oauth/password', endpoint('password.set'), (request, reply) => pages.takePassword(request, reply));
    scope.get('/oauth/sign-out', endpoint('sign-out.show'), (request, reply) => pages.showSignOut(request, reply));
    scope.post('/oauth/sign-out', endpoint('sign-out'), (request, reply) => pages.signOut(request, reply));
  });
}

/** The authorization that a person has not finished yet. */
interface Asked {
  readonly provider: Provider;
  readonly interaction: Interaction;
  readonly client: ClientCredentialRecord;
}

class SignInPages {
  readonly #ports: SignInSurfacePorts;
  readonly #providerFor: SignInSurface['providerFor'];

  constructor(ports: SignInSurfacePorts, providerFor: SignInSurface['providerFor']) {
    this.#ports = ports;
    this.#providerFor = providerFor;
  }

  async show(request: FastifyRequest<UidRoute>, reply: FastifyReply): Promise<void> {
    const asked = await this.#asked(request, reply);
    send(reply, asked.interaction.prompt.name === 'consent' ? await this.#consent(asked) : this.#signIn(asked));
  }

  async answer(request: FastifyRequest<UidRoute>, reply: FastifyReply): Promise<void> {
    const asked = await this.#asked(request, reply);
    const form = formOf(request, (marked) => this.#isMarked(marked, `sign-in ${asked.interaction.uid}`));
    const done = form.get('do');
    if (done === 'deny') return this.#finish(asked, { request, reply }, { error: 'access_denied' });
    if (done === 'consent' && asked.interaction.prompt.name === 'consent') {
      const grantId = await giveGrant(asked, await this.#grantable(asked));
      return this.#finish(
        asked,
        { request, reply },
        grantId === null ? { error: 'access_denied' } : { consent: { grantId } },
      );
    }
    return this.#takePassword(asked, form, { request, reply });
  }

  async #takePassword(asked: Asked, form: URLSearchParams, exchange: HttpExchange): Promise<void> {
    const { context } = exchange.request;
    const loginName = form.get('login') ?? '';
    const result = await this.#ports.signIn({
      tenantId: asked.client.tenant.id,
      loginName,
      password: form.get('password') ?? '',
      network: networkOf(context.clientAddress),
      requestId: context.requestId,
    });
    if (result.kind === 'in') {
      await forgetOtherSession(asked, this.#ports.clock);
      return this.#finish(asked, exchange, { login: { accountId: result.personId, remember: false } });
    }
    if (result.kind === 'wrong') return send(exchange.reply, this.#signIn(asked, { loginName, message: wrong }));
    const seconds = Math.ceil(result.waitMs / 1000);
    const message = `Too many failed tries. Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then try again.`;
    void exchange.reply.header('retry-after', String(seconds));
    send(exchange.reply, { ...this.#signIn(asked, { loginName, message }), status: 429 });
  }

  showPassword(request: FastifyRequest, reply: FastifyReply): void {
    const { searchParams } = new URL(request.url, 'http://localhost');
    send(reply, passwordPage({ link: searchParams.get('link') ?? '' }));
  }

  async takePassword(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    // The secret of the link is the proof that this form was meant.
    const form = formOf(request, () => true);
    const link = form.get('link') ?? '';
    const refusal = await this.#ports.setPassword(link, form.get('password') ?? '', request.context.requestId);
    if (refusal === null) return send(reply, messagePage('Your password is set', 'You can sign in with it now.'));
    if (refusal === 'too-short') return send(reply, passwordPage({ link, message: tooShort }));
    send(reply, messagePage('This link does not work', 'It was used, or is too old. Ask for a new one.', 400));
  }

  async showSignOut(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const session = await this.#providerFor(request).Session.get({ req: request.raw, res: reply.raw });
    if (session.accountId === undefined)
      return send(reply, messagePage('You are signed out', 'There is nothing more to do.'));
    send(reply, signOutPage(this.#mark(`sign-out ${session.jti}`)));
  }

  async signOut(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const session = await this.#providerFor(request).Session.get({ req: request.raw, res: reply.raw });
    formOf(request, (marked) => this.#isMarked(marked, `sign-out ${session.jti}`));
    await signOut(this.#ports, session, request.context.requestId);
    send(reply, messagePage('You are signed out', 'What acted for you can do so no more.'));
  }

  async #asked(request: FastifyRequest<UidRoute>, reply: FastifyReply): Promise<Asked> {
    const provider = this.#providerFor(request);
    const interaction = await provider.interactionDetails(request.raw, reply.raw);
    const clientId = interaction.params['client_id'];
    const isIts = interaction.uid === request.params.uid && typeof clientId === 'string' && isId('cli', clientId);
    const client = isIts ? await this.#ports.clients.find(clientId) : null;
    if (client === null || client.isRevoked) throw new errors.SessionNotFound('unknown');
    return { provider, interaction, client };
  }

  #signIn({ interaction, client }: Asked, more: { loginName?: string; message?: string } = {}): Page {
    return signInPage({ ...this.#formOf(interaction), tenant: client.tenant.slug, ...more });
  }

  async #consent(asked: Asked): Promise<Page> {
    const { interaction, client } = asked;
    const [entry] = Object.entries(await this.#grantable(asked));
    const [resource, scopes] = entry ?? ['', []];
    const known = await this.#ports.people.findSignInClient(client.tenant.id, client.clientId);
    const clientName = known?.name ?? client.clientId;
    return consentPage({ ...this.#formOf(interaction), tenant: client.tenant.slug, clientName, scopes, resource });
  }

  /** The requested scopes that the person can grant, by resource. */
  async #grantable({ interaction, client }: Asked): Promise<Readonly<Record<string, readonly string[]>>> {
    const accountId = interaction.session?.accountId ?? '';
    const rights = await this.#ports.people.findRights(client.tenant.id, accountId);
    if (rights === null || rights.isDisabled) throw new errors.SessionNotFound('unknown');
    const missing = interaction.prompt.details.missingResourceScopes ?? {};
    return Object.fromEntries(
      Object.entries(missing).map(([resource, scopes]) => [
        resource,
        scopes.filter((scope) => rights.scopes.includes(scope)),
      ]),
    );
  }

  #formOf({ uid, params }: Interaction): { action: string; csrf: string; formTarget?: string } {
    const redirect = typeof params['redirect_uri'] === 'string' ? URL.parse(params['redirect_uri']) : null;
    const form = { action: `${interactionPath}/${uid}`, csrf: this.#mark(`sign-in ${uid}`) };
    return redirect === null ? form : { ...form, formTarget: redirect.origin };
  }

  async #finish(
    { provider }: Asked,
    { request, reply }: HttpExchange,
    result: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    reply.hijack();
    await provider.interactionFinished(request.raw, reply.raw, result, { mergeWithLastSubmission: true });
  }

  #mark(what: string): string {
    return createHmac('sha256', this.#ports.pageKey).update(what).digest('base64url');
  }

  #isMarked(given: string, what: string): boolean {
    const [mark, expected] = [Buffer.from(given), Buffer.from(this.#mark(what))];
    return mark.length === expected.length && timingSafeEqual(mark, expected);
  }
}

interface HttpExchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const wrong = 'The name or the password is wrong.';
const tooShort = `A password has ${limits.passwordCharsMin} to ${limits.passwordCharsMax} characters.`;

/** The form, when it is one that a page of ours showed to this person. */
function formOf(request: FastifyRequest, isMarked: (mark: string) => boolean): URLSearchParams {
  const { body } = request;
  if (!(body instanceof URLSearchParams) || !isMarked(body.get('csrf') ?? ''))
    throw new PlatformError('request.invalid');
  return body;
}

/** Signs out the person who was signed in here before. */
async function forgetOtherSession({ provider, interaction }: Asked, clock: Clock): Promise<void> {
  const { session } = interaction;
  if (session === undefined) return;
  await provider.Session.adapter.destroy(session.cookie ?? '');
  interaction.session = undefined;
  await interaction.save(Math.max(1, interaction.exp - Math.floor(clock.nowMs() / 1000)));
}

function send(reply: FastifyReply, { status, headers, html }: Page): void {
  void reply.code(status).headers(headers).send(html);
}

function asPageError(error: unknown): PlatformError {
  if (!(error instanceof errors.OIDCProviderError)) return asRequestError(error);
  const message = 'This page is not valid any more. Go back to where you came from, and begin anew.';
  return new PlatformError('request.invalid', { message, cause: error });
}
