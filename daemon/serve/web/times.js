// The daemon's clock, as far as the page knows it, and every age on the page.
import { el } from "./dom.js";
import { duration, known } from "./words.js";

let zone = "UTC";
let anchor = null;      // { said, daemon, local, moves }
let sayMoment = momentIn(zone);
let sayTime = timeIn(zone);

function momentIn(timeZone) {
  return new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
}
function timeIn(timeZone) {
  return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/// Takes over the clock and the zone of an answer. An unchanged answer keeps its old `now_utc`, so time runs on from
/// where it was first heard. A test clock does not run at our pace: under one, ages move with the answers only.
export function setClock({ now_utc, clock, as_of_utc: past }, timeZone, received) {
  if (anchor?.said !== now_utc) {
    anchor = { said: now_utc, daemon: Date.parse(now_utc), local: received, moves: !known(clock) && !known(past) };
  }
  if (timeZone === zone) return;
  try {
    [sayMoment, sayTime, zone] = [momentIn(timeZone), timeIn(timeZone), timeZone];
  } catch {
    [sayMoment, sayTime, zone] = [momentIn("UTC"), timeIn("UTC"), "UTC"];   // a zone this browser does not know
  }
}

export const zoneName = () => zone;
/// What the daemon's clock said when ours said `local`; ours, until the daemon has spoken.
export function daemonTime(local) {
  if (!anchor) return local;
  return anchor.moves ? anchor.daemon + (local - anchor.local) : anchor.daemon;
}

export const timeOfDay = (ms) => sayTime.format(ms);
export const inFuture = (utc) => Date.parse(utc) > daemonTime(Date.now());

/// "20 Jun 2026, 14:02"
export const moment = (utc) => el("time", { datetime: utc }, sayMoment.format(Date.parse(utc)));
/// "14 min ago", kept current by tick().
export const since = (utc) => ticking(utc, "since");
/// "in 40 s", kept current by tick().
export const until = (utc) => ticking(utc, "until");

function ticking(utc, kind) {
  const node = el("time", { datetime: utc, "data-age": kind, title: sayMoment.format(Date.parse(utc)) });
  refresh(node);
  return node;
}

function refresh(node) {
  const text = words(node.dataset.age, daemonTime(Date.now()) - Date.parse(node.dateTime));
  if (node.textContent !== text) node.textContent = text;
}

function words(kind, past) {
  const seconds = past / 1000;
  if (kind === "until") return seconds < 0 ? `in ${duration(-seconds)}` : seconds < 60 ? "now" : `due ${duration(seconds)} ago`;
  return seconds > -5 ? `${duration(Math.max(0, seconds))} ago` : `dated ${duration(-seconds)} ahead of the clock`;
}

export function tick() {
  document.querySelectorAll("time[data-age]").forEach(refresh);
}
