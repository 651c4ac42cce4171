// The names by which Bluesky is known, before the servers of the network: TLS, and the few habits of the real hosts that
// the reference servers do not have.
import { json } from '../../support/answers.mjs';

export const publicHost = 'public.api.bsky.app';
export const entryway = 'bsky.social';
export const home = 'morel.us-east.host.bsky.network';       // where the accounts really live

const dropped = /^(:.*|host|connection|keep-alive|transfer-encoding|content-(length|encoding)|accept-encoding)$/;
const kept = headers => Object.fromEntries([...Object.entries(headers)].filter(([name]) => !dropped.test(name)));

/// Lets `host` answer as the server at `origin`; `first(request)` may answer before it, `last(answer, request)` may change
/// what it said.
function stand(world, host, origin, { first = () => undefined, last = answer => answer } = {}) {
  world.fault(host, async request => {
    const early = first(request);
    if (early) return early;
    const answer = await fetch(`${origin}${request.path}${request.search && `?${request.search}`}`,
                               { method: request.method, headers: kept(request.headers), body: request.body || undefined });
    const said = { status: answer.status, headers: kept(Object.fromEntries(answer.headers)), body: Buffer.from(await answer.arrayBuffer()) };
    return last(said, request);
  });
}

const isMethod = (request, name) => request.path === `/xrpc/${name}`;

/// Visitors are shown one page of a search (bsky-docs#296).
const noSecondPage = request => (isMethod(request, 'app.bsky.feed.searchPosts') && request.query.has('cursor')
  ? json({ error: 'Forbidden', message: 'Request forbidden by administrative rules.' }, 403) : undefined);

/// Where an account lives stands in its DID document, which the entryway sends along with a session.
function withHome(answer, request) {
  if (answer.status !== 200 || !['create', 'refresh'].some(verb => isMethod(request, `com.atproto.server.${verb}Session`))) return answer;
  const session = JSON.parse(answer.body);
  const service = [{ id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: `https://${home}` }];
  return { ...answer, body: JSON.stringify({ ...session, didDoc: { '@context': ['https://www.w3.org/ns/did/v1'], id: session.did, service } }) };
}

/// Puts the network behind its names; `first(request)` may answer instead of the account's home.
export function putBehindNames(world, { appview, pds }, first) {
  stand(world, publicHost, appview, { first: noSecondPage });
  stand(world, entryway, pds, { last: withHome });
  stand(world, home, pds, { first, last: withHome });
}
