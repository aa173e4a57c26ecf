import { hash } from 'node:crypto';

/** A page for people: HTML that works without scripts, and the policy that allows none. */
export interface Page {
  readonly status: number;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center}
main{width:min(24rem,calc(100vw - 2rem));padding:1.5rem 0}
h1{font-size:1.375rem;margin:0 0 1rem}
label{display:block;margin:.75rem 0 .25rem}
input{box-sizing:border-box;width:100%;font:inherit;padding:.5rem .625rem;border:1px solid;border-radius:.375rem}
button{font:inherit;padding:.5rem 1rem;margin:1.25rem .5rem 0 0;border:1px solid;border-radius:.375rem;cursor:pointer}
.alert{border-left:.25rem solid;padding:.25rem .75rem;margin:0 0 1rem}
ul{padding-left:1.25rem}`;

const styleSource = `'sha256-${hash('sha256', style, 'base64')}'`;

interface PageParts {
  readonly status?: number;
  readonly title: string;
  /** HTML. */
  readonly body: string;
  /** Where a form leads in the end, beside here: browsers hold a policy against redirects, too. */
  readonly formTarget?: string;
}

/** `same-origin`: with less, browsers would send forms from an origin that they do not name. */
export function pageOf({ status = 200, title, body, formTarget }: PageParts): Page {
  const formAction = formTarget === undefined ? `'self'` : `'self' ${formTarget}`;
  return {
    status,
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${style}</style></head><body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src ${styleSource}; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
      'referrer-policy': 'same-origin',
    },
  };
}

/** Text as HTML shows it, also within an attribute. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);
}

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
const alertOf = (message: string | undefined): string =>
  message === undefined ? '' : `<p class="alert" role="alert">${escapeHtml(message)}</p>`;

export interface SignInPageParts {
  readonly action: string;
  readonly csrf: string;
  readonly tenant: string;
  readonly loginName?: string;
  readonly message?: string;
  readonly formTarget?: string;
}

export function signInPage({ action, csrf, tenant, loginName = '', message, formTarget }: SignInPageParts): Page {
  const body = `${alertOf(message)}<form method="post" action="${escapeHtml(action)}">${hidden('csrf', csrf)}${hidden('do', 'sign-in')}
<label for="login">Name</label><input id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="100" value="${escapeHtml(loginName)}"${loginName === '' ? ' autofocus' : ''}>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required maxlength="256"${loginName === '' ? '' : ' autofocus'}>
<button type="submit">Sign in</button></form>
<form method="post" action="${escapeHtml(action)}">${hidden('csrf', csrf)}${hidden('do', 'deny')}<button type="submit">Cancel</button></form>`;
  return pageOf({
    title: `Sign in to ${tenant}`,
    body,
    ...targetOf(formTarget),
    status: message === undefined ? 200 : 400,
  });
}

export interface ConsentPageParts {
  readonly action: string;
  readonly csrf: string;
  readonly tenant: string;
  readonly clientName: string;
  readonly scopes: readonly string[];
  readonly resource: string;
  readonly formTarget?: string;
}

/** What each scope allows, in words for people who sign in. */
const meanings: Readonly<Record<string, string>> = {
  'a2a:send': 'send messages to agents, and spend credits on them',
  'a2a:read': 'see agents and your tasks',
  'a2a:cancel': 'cancel your tasks',
};

export function consentPage(parts: ConsentPageParts): Page {
  const { action, csrf, tenant, clientName, scopes, resource, formTarget } = parts;
  const items = scopes.map((scope) => {
    const meaning = meanings[scope];
    return `<li>${meaning === undefined ? '' : `${escapeHtml(meaning)} `}<code>${escapeHtml(scope)}</code></li>`;
  });
  const body = `<p><strong>${escapeHtml(clientName)}</strong> wants to act for you at <code>${escapeHtml(resource)}</code>. It could:</p><ul>${items.join('')}</ul>
<form method="post" action="${escapeHtml(action)}">${hidden('csrf', csrf)}<button type="submit" name="do" value="consent">Allow</button><button type="submit" name="do" value="deny">Refuse</button></form>`;
  return pageOf({ title: `Allow access to ${tenant}?`, body, ...targetOf(formTarget) });
}

export function passwordPage({ link, message }: { readonly link: string; readonly message?: string }): Page {
  const body = `${alertOf(message)}<form method="post" action="/oauth/password">${hidden('link', link)}
<label for="password">New password, at least 12 characters</label><input id="password" name="password" type="password" autocomplete="new-password" required minlength="12" maxlength="256" autofocus>
<button type="submit">Set password</button></form>`;
  return pageOf({ title: 'Set your password', body, status: message === undefined ? 200 : 400 });
}

export function signOutPage(csrf: string): Page {
  const body = `<form method="post" action="/oauth/sign-out">${hidden('csrf', csrf)}<button type="submit">Sign out</button></form>`;
  return pageOf({ title: 'Sign out?', body });
}

export function messagePage(title: string, text: string, status = 200): Page {
  return pageOf({ title, body: `<p>${escapeHtml(text)}</p>`, status });
}

function targetOf(formTarget: string | undefined): Pick<PageParts, 'formTarget'> {
  return formTarget === undefined ? {} : { formTarget };
}
