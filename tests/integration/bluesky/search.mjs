// The search service of Bluesky is not published; its AppView asks one for the addresses of the posts and does the rest
// itself. This one answers that question from the AppView's own tables, as far as campaignd asks it: words and hashtags
// whatever their case, the newest first, since (inclusive) and until (exclusive), and an offset as its cursor, which
// ends at `most` hits, as the real one's does at 10 000.
import http from 'node:http';

const fold = text => text.normalize('NFKC').toLowerCase();

function tagsOf({ tags = [], facets = [] }) {
  const features = facets.flatMap(facet => facet.features);
  return new Set([...tags, ...features.filter(({ tag }) => tag !== undefined).map(({ tag }) => tag)].map(fold));
}

function says(record, words) {
  const tags = tagsOf(record);
  return words.every(word => (word.startsWith('#') ? tags.has(word.slice(1)) : fold(record.text).includes(word)));
}

async function search(db, asked, most) {
  const limit = Number(asked.get('limit') ?? 25);
  const offset = Number(asked.get('cursor') ?? 0);
  if (!Number.isInteger(offset) || offset + limit > most) return [400, { error: 'BadRequest', message: 'disallowed size/offset parameters' }];
  const words = fold(asked.get('q')).split(/\s+/).filter(Boolean);
  const [since, until] = ['since', 'until'].map(name => asked.get(name));
  const posts = await db.selectFrom('post').innerJoin('record', 'record.uri', 'post.uri').select(['post.uri', 'post.sortAt', 'record.json'])
    .orderBy('post.sortAt', 'desc').orderBy('post.cid', 'desc').execute();
  const hits = posts.filter(({ sortAt, json }) => !(sortAt < since) && !(until && sortAt >= until) && says(JSON.parse(json), words));
  const page = hits.slice(offset, offset + limit).map(({ uri }) => ({ uri }));
  return [200, { posts: page, hitsTotal: hits.length, ...(page.length === limit ? { cursor: String(offset + limit) } : {}) }];
}

/// Serves the search on a port of 127.0.0.1; `database()` is the AppView's. Gives { url, stop }.
export async function startSearch(database, { most = 10_000 } = {}) {
  const server = http.createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://search');
    const failed = error => [500, { error: 'InternalServerError', message: error.message }];
    const [status, body] = pathname === '/xrpc/app.bsky.unspecced.searchPostsSkeleton'
      ? await search(database(), searchParams, most).catch(failed) : [501, { error: 'MethodNotImplemented', message: pathname }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  const stop = () => new Promise(done => { server.close(done); server.closeAllConnections(); });
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}
