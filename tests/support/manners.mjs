// What servers may expect of us, checked on a log of requests: { t_ms, end_ms, … } in order of arrival.
// Each gives the breaches as sentences. Times are in the log's unit. A request is sent before it is heard, by late_ms
// (see world.mjs) and by `slack`, which we cannot see: so the next may come so much earlier after it.

/// One request at a time.
export function overlaps(log) {
  const plain = log.filter(({ status }) => status !== 101);
  return plain.slice(1).flatMap((next, n) => {
    const last = plain[n];
    return last.end_ms !== null && next.t_ms >= last.end_ms ? [] : [`${next.path} came before the answer to ${last.path} had ended`];
  });
}

/// Never more than `requests` in any window of `per`.
export function crowds(log, { requests, per }, slack) {
  return log.slice(requests).flatMap((next, n) => {
    const took = next.t_ms - log[n].t_ms;
    return took >= per - slack - (log[n].late_ms ?? 0) ? [] : [`${requests + 1} requests in ${Math.round(took)} instead of ${per}, up to ${next.path}`];
  });
}

/// The most requests in any window of `per`.
export function fullest(log, per) {
  let most = 0, from = 0;
  log.forEach(({ t_ms: at }, n) => {
    while (log[from].t_ms <= at - per) from += 1;
    most = Math.max(most, n - from + 1);
  });
  return most;
}

/// `gap` between two. A row of n requests takes n - 1 gaps: what one request was late does not excuse the next.
export function rushes(log, gap, slack) {
  const breaches = [];
  let due = -Infinity, late = 0;                             // when the next may come, were each sent as early as allowed
  for (const { t_ms: at, late_ms: heard = 0, path } of log) {
    if (at < due - slack - late) breaches.push(`${path} came ${Math.round(due - at)} too early`);
    if (at >= due) [due, late] = [at, heard];                // else it counts from the request that was early enough
    due += gap;
  }
  return breaches;
}

/// Nothing while a server wants to be left alone: Retry-After of a 429 or 503, or a limit that is used up.
/// `scale`: how many of a server's seconds are one of the log's. `instant(t)`: a time of the log as a server's instant.
/// `doubt`: by how much a visitor's clock may be apart from the server's, which counts where an instant was told.
export function intrusions(log, { scale, instant, doubt = 0 }, slack) {
  const breaches = [];
  let until = -Infinity, why = '';
  for (const { t_ms: at, end_ms: end, path, status, told = {} } of log) {
    if (at < until - slack) breaches.push(`${path} came ${Math.round(until - at)} before ${why} was over`);
    const { seconds, instant: named } = waitTold(status, told, instant(end));
    if (!(seconds > 0)) continue;
    until = Math.max(until, end + (seconds * 1000) / scale - (named ? doubt : 0));
    why = `the wait of ${Math.round(seconds)} s told with ${status}`;
  }
  return breaches;
}

/// The longest wait an answer tells, in seconds from its end `now`, and whether it was told as an instant.
function waitTold(status, told, now) {
  const until = (text, length) => (length ? { seconds: Number(text), instant: false }
    : { seconds: ((/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)) - now) / 1000, instant: true });
  const waits = [];
  const retry = status === 429 || status === 503 ? told['retry-after'] : undefined;
  if (retry !== undefined) waits.push(until(retry, /^\d+$/.test(retry)));
  const reset = ['x-ratelimit-',
                 'ratelimit-'].flatMap(prefix => (told[`${prefix}remaining`] === '0' ? [told[`${prefix}reset`]] : []))[0];
  if (reset !== undefined) waits.push(until(reset, false));
  return waits.sort((a, b) => b.seconds - a.seconds)[0] ?? {};
}
