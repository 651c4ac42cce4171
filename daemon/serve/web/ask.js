// One question to the daemon. The outside world is a value: an answer, or why there is none.

const patience_ms = 10_000;

/// -> { body, text, received } or { why, silent }. `silent` means nobody answered at all.
/// The first question goes past the browser's cache: a kept answer carries the clock of its own day.
export async function ask(path, first) {
  let answer, text;
  try {
    answer = await fetch(path, { cache: first ? "reload" : "no-cache", signal: AbortSignal.timeout(patience_ms) });
    text = await answer.text();
  } catch (error) {
    return { silent: true, why: error.name === "TimeoutError" ? "no answer within 10 s" : "no connection" };
  }
  const body = parse(text);
  if (!answer.ok) return { silent: false, why: `${answer.status} ${body?.detail ?? body?.title ?? answer.statusText}`.trim() };
  if (body === null || typeof body !== "object") return { silent: false, why: "the answer could not be read" };
  return { body, text, received: Date.now() };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
